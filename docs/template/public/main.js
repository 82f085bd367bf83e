// What scrolls sideways can be scrolled by the keyboard, and a menu's link without an address is a button to a screen reader.
function mend() {
  for (const element of document.querySelectorAll('pre > code, .table-responsive')) {
    if (element.scrollWidth > element.clientWidth) {
      element.tabIndex = 0
    }
  }

  for (const link of document.querySelectorAll('a[data-bs-toggle]:not([href], [role])')) {
    link.role = 'button'
    link.tabIndex = 0
    link.ariaLabel = link.title
  }
}

export default {
  start() {
    new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
    addEventListener('resize', mend)
    mend()
  }
}
