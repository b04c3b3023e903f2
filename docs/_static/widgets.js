// All that widgets load lies beside this file, for pages in every folder: the explorers' module, icons.
{
  const here = new URL(".", document.currentScript.src).href.slice(0, -1);
  window.require = {
    paths: { anywidget: `${here}/anywidget`, "@jupyter-widgets": here, "@jupyter-widgets/html-manager/dist": here },
  };
}
