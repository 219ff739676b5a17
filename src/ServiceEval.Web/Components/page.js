(function () {
  var box = document.querySelector('textarea'), out = document.getElementById('count');
  if (!box || !out) return;
  function show() { out.textContent = Array.from(box.value).length + '/500'; }
  box.addEventListener('input', show);
  show();
})();
