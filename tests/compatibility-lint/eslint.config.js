import compat from 'eslint-plugin-compat';
import es from 'eslint-plugin-es-x';
import html from 'eslint-plugin-html';

// Chromium 80 knows ECMAScript 2020. Methods are found by name whatever the object: a false alarm costs less than a miss.
export default [
  {
    files: ['**/*.html'],
    plugins: { html, ...compat.configs['flat/recommended'].plugins, ...es.configs['flat/restrict-to-es2020'].plugins },
    rules: { ...compat.configs['flat/recommended'].rules, ...es.configs['flat/restrict-to-es2020'].rules },
    languageOptions: { ecmaVersion: 2020, sourceType: 'script' },
    settings: { 'es-x': { aggressive: true } },
  },
];
