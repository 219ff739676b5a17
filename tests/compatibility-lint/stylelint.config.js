// Progressive: a browser that does not know one of these drops it and loses nothing a citizen needs.
const progressive = [
  { mdn: 'properties.text-wrap', because: 'unknown, lines break where they always did' },
  { mdn: 'properties.line-break', caniuse: 'css-line-break', because: 'unknown, lines break where they always did' },
  { mdn: 'properties.outline', because: 'before Chromium 94 its corners are square' },
  { mdn: 'selectors.focus-visible', caniuse: 'css-focus-visible', because: "unknown, the browser's own focus ring is there" },
];

export default {
  customSyntax: 'postcss-html',
  plugins: ['stylelint-no-unsupported-browser-features', 'stylelint-browser-compat'],
  // Two sources, for each misses some: caniuse has the gap of a flex box, MDN has single properties such as aspect-ratio.
  rules: {
    'plugin/no-unsupported-browser-features': [true, { ignore: progressive.flatMap(feature => feature.caniuse ?? []) }],
    'plugin/browser-compat': [true, { allow: { features: progressive.map(feature => feature.mdn) } }],
  },
};
