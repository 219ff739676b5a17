using System.Text.Json;
using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests;

/// <summary>
/// Faults of layout that can be measured. Each measure names the faulty elements, so that an assertion shows them.
/// </summary>
public static class Layout
{
    // Measure the text itself, because a box can be larger or smaller than its words.
    private const string Texts = """
        const texts = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; node = walker.nextNode();) {
          const element = node.parentElement;
          if (!node.data.trim() || element.closest('script, style, noscript') || !element.checkVisibility({ visibilityProperty: true })) continue;
          const range = document.createRange();
          range.selectNodeContents(node);
          if (range.getClientRects().length) texts.push({ node, element, range });
        }
        const name = (element, text) => `${element.tagName.toLowerCase()}${element.className ? '.' + (element.className.baseVal ?? element.className) : ''} “${text.trim().slice(0, 40)}”`;
        """;

    /// <summary>
    /// Returns texts that are wider than the page, and texts that leave a button or a box that hides overflow.
    /// </summary>
    public static Task<string[]> CutOffAsync(IPage page) =>
        FaultsAsync(
            page,
            Texts
                + """
                const width = document.documentElement.clientWidth;
                return texts.filter(({ element, range }) => {
                  const text = range.getBoundingClientRect();
                  if (text.left < -1 || text.right > width + 1) return true;
                  for (let box = element; box !== document.body; box = box.parentElement) {
                    if (!/hidden|clip/.test(getComputedStyle(box).overflow) && box.localName !== 'button') continue;
                    const inner = box.getBoundingClientRect();
                    // A line box is taller than its letters by the leading. The letters stay within a fifth of it.
                    const slack = 0.2 * parseFloat(getComputedStyle(element).fontSize);
                    if (text.left < inner.left - 1 || text.right > inner.right + 1 || text.top < inner.top - slack || text.bottom > inner.bottom + slack) return true;
                  }
                }).map(({ node, element }) => name(element, node.data));
                """
        );

    /// <summary>Returns texts that are not completely on a screen that never scrolls.</summary>
    public static Task<string[]> OffScreenAsync(IPage page) =>
        FaultsAsync(
            page,
            Texts
                + """
                return texts.filter(({ range }) => {
                  const text = range.getBoundingClientRect();
                  return text.left < -1 || text.top < -1 || text.right > innerWidth + 1 || text.bottom > innerHeight + 1;
                }).map(({ node, element }) => name(element, node.data));
                """
        );

    /// <summary>
    /// Returns texts that are smaller than this number of pixels as drawn, also inside a scaled drawing.
    /// </summary>
    /// <param name="within">A selector of the elements whose texts are measured.</param>
    public static Task<string[]> SmallerThanAsync(IPage page, double pixels, string within = "body") =>
        FaultsAsync(
            page,
            $"const least = {JsonSerializer.Serialize(pixels)}, within = {JsonSerializer.Serialize(within)};"
                + Texts
                + """
                return texts.filter(({ element }) => element.closest(within)).map(({ node, element }) => ({ text: name(element, node.data), size: parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM?.().a ?? 1) }))
                  .filter(({ size }) => size < least - 0.01).map(({ text, size }) => `${text} ${size}px`);
                """
        );

    /// <summary>Returns rows of a grid that are not full.</summary>
    public static Task<string[]> ShortRowsAsync(IPage page, string cells) =>
        FaultsAsync(
            page,
            $"const cells = {JsonSerializer.Serialize(cells)};"
                + """
                const boxes = [...document.querySelectorAll(cells)].map(cell => cell.getBoundingClientRect());
                const right = Math.max(...boxes.map(box => box.right));
                const ends = new Map();
                for (const box of boxes) ends.set(Math.round(box.top), Math.max(ends.get(Math.round(box.top)) ?? 0, box.right));
                return [...ends].filter(([, end]) => end < right - 1).map(([top, end]) => `the row at ${top} ends at ${end} of ${right}`);
                """
        );

    public static Task<double> LargestTextAsync(IPage page) =>
        page.EvaluateAsync<double>(
            "() => {"
                + Texts
                + """
                return Math.max(...texts.map(({ element }) => parseFloat(getComputedStyle(element).fontSize)));
                }
                """
        );

    /// <summary>
    /// Returns elements to tap that are less wide or less high. A tick box or a radio button is tapped by its label.
    /// </summary>
    public static Task<string[]> TargetsBelowAsync(IPage page, int pixels) =>
        FaultsAsync(
            page,
            $"const least = {pixels};"
                + """
                return [...document.querySelectorAll('a, button, summary, label, input:not([type=hidden]), select, textarea')]
                  .filter(target => target.checkVisibility() && !target.closest('h2') && !(target.matches('input') && target.closest('label')))
                  .map(target => ({ target, box: target.getBoundingClientRect() }))
                  .filter(({ box }) => box.width < least - 0.1 || box.height < least - 0.1)
                  .map(({ target, box }) => `${target.tagName} “${(target.textContent || target.name).trim()}” ${box.width}×${box.height}`);
                """
        );

    /// <summary>Returns Chinese lines that begin with punctuation, and last lines of one character.</summary>
    public static Task<string[]> BadBreaksAsync(IPage page) =>
        FaultsAsync(
            page,
            Texts
                + """
                const blocks = new Map();
                for (const { node, element } of texts) {
                  let block = element;
                  while (getComputedStyle(block).display === 'inline') block = block.parentElement;
                  const lines = blocks.get(block) ?? [];
                  blocks.set(block, lines);
                  for (let i = 0; i < node.length; i++) {
                    const range = document.createRange();
                    range.setStart(node, i);
                    range.setEnd(node, i + 1);
                    const box = range.getBoundingClientRect();
                    if (!box.width || !node.data[i].trim()) continue;
                    const line = lines.find(known => Math.abs(known.bottom - box.bottom) < box.height / 2);
                    if (line) line.text += node.data[i];
                    else lines.push({ bottom: box.bottom, text: node.data[i] });
                  }
                }
                return [...blocks].flatMap(([block, lines]) => lines.slice(1)
                  .filter(({ text }, i) => /^[，。、；：？！）》”’％%～〕】]/.test(text) || (i === lines.length - 2 && /^\p{Script=Han}[，。、；：？！）》”’]*$/u.test(text)))
                  .map(({ text }) => `${name(block, block.textContent)}: “${text}”`));
                """
        );

    public static Task<bool> ScrollsSidewaysAsync(IPage page) =>
        page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");

    public static Task<bool> ScrollsAsync(IPage page) =>
        page.EvaluateAsync<bool>(
            "() => { const root = document.documentElement; return root.scrollWidth > innerWidth || root.scrollHeight > innerHeight || document.body.scrollHeight > innerHeight; }"
        );

    private static Task<string[]> FaultsAsync(IPage page, string body) =>
        page.EvaluateAsync<string[]>($"() => {{ {body} }}");
}
