//! Small modules for tests.

use super::sections::{append_leb, append_sized};

/// One imported function (number 0), then these, of which the first is exported. No function takes
/// or gives anything.
pub(crate) fn module(functions: &[(&str, &[u8])]) -> Vec<u8> {
    let count = functions.len() as u32;
    let mut names = Vec::new();
    append_leb(&mut names, count);
    let mut code = Vec::new();
    append_leb(&mut code, count);
    for (number, (name, body)) in (1..).zip(functions) {
        append_leb(&mut names, number);
        append_sized(&mut names, name.as_bytes()).unwrap();
        append_sized(&mut code, body).unwrap();
    }
    let mut custom = b"\x04name\x01".to_vec();
    append_sized(&mut custom, &names).unwrap();

    let mut types = Vec::new();
    append_leb(&mut types, count);
    types.extend(functions.iter().map(|_| 0));

    let mut out = b"\0asm\x01\0\0\0".to_vec();
    for (id, body) in [
        (1, &[1, 0x60, 0, 0][..]),
        (2, b"\x01\x02./\x09long_name\x00\x00"),
        (3, &types),
        (7, b"\x01\x03pay\x00\x01"),
        (10, &code),
        (0, &custom),
    ] {
        out.push(id);
        append_sized(&mut out, body).unwrap();
    }
    out
}
