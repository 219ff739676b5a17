import { defineConfig } from 'vite';

export default defineConfig({
  base: '/kiosk/',
  // Not the hundred slices of the font, one a line.
  logLevel: 'warn',
  build: {
    outDir: '../src/ServiceEval.Web/wwwroot/kiosk',
    emptyOutDir: true,
    // Screens in halls are old: Chromium 100 is from 2022.
    target: ['chrome100', 'edge100', 'firefox100', 'safari15.4'],
    // The host's content security policy allows no data: fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      // One page a device; the window tablet adds its own here.
      input: { display: 'display.html' },
    },
  },
});
