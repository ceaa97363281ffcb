// Posts a message to the page that shows this one in a frame when the buyer's part is over. The origin of
// that page is in this page's own address, after the #; the message goes to no other.
(function () {
  "use strict";
  // The answer to a form keeps the # only when the form's own address has it.
  Array.prototype.forEach.call(document.forms, function (form) {
    form.action = location.href;
  });
  var back = document.getElementById("back");
  if (window.parent === window && back) back.hidden = false;
  if (window.parent === window || !document.body.hasAttribute("data-done")) return;
  var origin;
  try {
    origin = decodeURIComponent(location.hash.slice(1));
  } catch (_) {
    return;
  }
  if (/^https?:\/\/[^\s/?#@\\]+$/.test(origin)) window.parent.postMessage({ t: "kassa:3ds" }, origin);
})();
