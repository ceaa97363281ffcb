// Small steps in the DOM. They do nothing where an element is already as it should be, so that
// drawing the same picture again announces nothing again.

type Attributes = Record<string, string>;

/** An element. Never styles, handlers or markup: a strict CSP refuses those. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  put(element, attributes);
  for (const child of children) element.appendChild(child);
  return element;
}

export function put(element: Element, attributes: Attributes): void {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name] as string;
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}
