"""What is measured in a page, in JavaScript, and how far colours are apart."""

import json


def text_of(tab, selector):
    """The text of the first such element as it is shown."""
    return tab.value(f"document.querySelector({json.dumps(selector)}).innerText")


def area_of(tab, selector):
    """Where the first such element is on the page, before anybody scrolls."""
    box = tab.value(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()")
    return {name: box[name] for name in ("x", "y", "width", "height")}


# Elements beyond the left or right edge of the screen, and those whose text is wider than they are. The link may scroll in its field.
OUTSIDE = """
[...document.body.querySelectorAll('*:not(svg *, script, input)')].filter(element => {
  const box = element.getBoundingClientRect();
  const isCut = element.clientWidth && element.scrollWidth > element.clientWidth + 1;
  return box.width > 0 && (box.left < -0.5 || box.right > innerWidth + 0.5 || isCut);
}).map(element => `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`)
"""

# What is touched and less than 44 pixels high: Apple's and WCAG 2.2's (2.5.5) measure for a finger.
SMALL_TARGETS = """
[...document.querySelectorAll('a, button:not([hidden]), input')].map(element => [element.innerText || element.value,
  element.getBoundingClientRect().height]).filter(([text, height]) => height < 44)
"""

# Each text with its size, weight, colour and background, the last with all that it lies on.
CONTRASTS = """
(() => {
  const numbers = colour => { const found = colour.match(/[0-9.]+/g).map(Number); return found.length < 4 ? [...found, 1] : found };
  const over = (front, back) => [0, 1, 2].map(index => front[index] * front[3] + back[index] * (1 - front[3])).concat(1);
  const background = element => {
    const own = element ? numbers(getComputedStyle(element).backgroundColor) : [255, 255, 255, 1];
    return own[3] === 1 ? own : over(own, background(element.parentElement));
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || element.closest('script, progress, [hidden]')) continue;
    const style = getComputedStyle(element), back = background(element);
    found.push([text.slice(0, 30), parseFloat(style.fontSize), Number(style.fontWeight), over(numbers(style.color), back), back]);
  }
  const field = document.getElementById('link'), style = getComputedStyle(field);
  found.push([field.value, parseFloat(style.fontSize), Number(style.fontWeight), numbers(style.color), background(field)]);
  return found;
})()
"""


def luminance(colour):
    """WCAG 2.2's relative luminance of a colour in sRGB."""
    parts = [value / 255 for value in colour[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    """WCAG 2.2's contrast ratio: 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(two)))
    return (lighter + 0.05) / (darker + 0.05)
