type Child = Node | string;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Creates an HTML element with classes. The name before the first dot is the tag: `make('p.interval', '…')`. */
export function make(tagAndClass: string, ...children: Child[]): HTMLElement {
  const [tag = 'div', ...classes] = tagAndClass.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  element.append(...children);
  return element;
}

export function makeSvg(tag: string, attributes: Record<string, string | number>, ...children: Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Sets the name by which tests find the element. */
export function named<T extends Element>(testId: string, element: T): T {
  element.setAttribute('data-testid', testId);
  return element;
}

/** Sets the text. Returns whether the text changed. */
export function setText(element: Element, text: string): boolean {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('zh', { granularity: 'word' }) : null;

/**
 * Sets a Chinese name that breaks only between words, for `word-break: keep-all`. Text in quotes or brackets stays
 * together.
 */
export function setName(element: Element, name: string): void {
  if (!setText(element, name) || segmenter === null) return;
  const words = name
    .split(/(“[^”]*”|（[^）]*）)/)
    .flatMap(part => (/^[“（]/.test(part) ? part : wordsOf(part, segmenter)));
  element.replaceChildren(...words.flatMap(word => [word, document.createElement('wbr')]));
}

/**
 * Splits a text into words. The dictionary cuts some words before their last character, as in 身份|证. So a single
 * character is added to the word before it.
 */
function wordsOf(text: string, by: Intl.Segmenter): string[] {
  const words: string[] = [];
  for (const { segment } of by.segment(text)) {
    if (segment.length === 1 && words.length > 0) words[words.length - 1] += segment;
    else words.push(segment);
  }
  return words;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Fades in a changed element once. The screen has no other animation. */
export function pulse(element: Element): void {
  if (!calm.matches) element.animate({ opacity: [0.25, 1] }, { duration: 400, easing: 'ease-out' });
}
