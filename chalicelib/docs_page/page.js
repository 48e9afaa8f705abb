// Shows the viewer once it has defined itself; until then, and without it, the plain list of operations stands.
customElements.whenDefined("rapi-doc").then(() => {
  const viewer = document.querySelector("rapi-doc");
  // Its navigation bar is hidden on narrow screens, where only the folded list is at hand.
  if (window.innerWidth < 900) {
    viewer.setAttribute("render-style", "view");
    viewer.setAttribute("font-size", "default");
  }
  document.body.classList.add("ready");
  viewer.setAttribute("spec-url", new URL("openapi.json", document.baseURI).href);
});
