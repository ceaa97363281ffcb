"""A TLS entrance to the sandbox, for an SDK that speaks HTTPS on port 443 only.

The SDK is not changed. Connections of this process to `HOST` lead to the entrance, which has a certificate that the
SDK verifies as usual, and passes each request on byte by byte. All other connections stay on this machine.
"""

import atexit
import datetime
import os
import socket
import ssl
import tempfile
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "gateway.kassa.test"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def open_entrance(gateway):
    """Opens the entrance to the gateway, which is a pair of host and port."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    certificate, key = certificate_files(folder.name)
    # The variable with which OpenSSL finds its certificate authorities.
    os.environ["SSL_CERT_FILE"] = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    connect = socket.create_connection

    def create_connection(address, *more, **options):
        host, port = address[0], address[1]
        if (host, port) == (HOST, 443):
            return connect(listener.getsockname(), *more, **options)
        if host not in LOOPBACK:
            raise ConnectionRefusedError(f"{host}:{port} is not this machine")
        return connect(address, *more, **options)

    socket.create_connection = create_connection
    threading.Thread(target=accept, args=(listener, context, gateway, connect), daemon=True).start()


def certificate_files(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = [os.path.join(folder, name) for name in ("certificate.pem", "key.pem")]
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for file, content in zip(files, (certificate.public_bytes(serialization.Encoding.PEM), encoded)):
        with open(file, "wb") as opened:
            opened.write(content)
    return files


def accept(listener, context, gateway, connect):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=forward, args=(connection, context, gateway, connect), daemon=True).start()


def forward(connection, context, gateway, connect):
    """Passes one request and its answer on. A client that does not trust the certificate sends none."""
    try:
        with context.wrap_socket(connection, server_side=True) as client, connect(gateway) as server:
            server.sendall(message(client))
            client.sendall(message(server))
    except (OSError, ssl.SSLError):
        pass


def message(stream):
    """A request or an answer: a head, and as many bytes as it says."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += received(stream)
    head, body = text.split(b"\r\n\r\n", 1)
    lines = (line.split(b":", 1) for line in head.split(b"\r\n")[1:])
    length = next(int(value) for name, value in lines if name.lower() == b"content-length")
    while len(body) < length:
        body += received(stream)
    return head + b"\r\n\r\n" + body


def received(stream):
    part = stream.recv(65536)
    if not part:
        raise ConnectionResetError("the message is cut off")
    return part
