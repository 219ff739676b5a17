import { defineConfig } from 'vite';

export default defineConfig({
  base: '/kiosk/',
  // The default level would print each of the hundred font slices on a line.
  logLevel: 'warn',
  build: {
    outDir: '../src/ServiceEval.Web/wwwroot/kiosk',
    emptyOutDir: true,
    // Screens in halls have old browsers. Chromium 100 is from 2022.
    target: ['chrome100', 'edge100', 'firefox100', 'safari15.4'],
    // The host's content security policy allows neither data: fonts nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      // Each kind of device has a page. The page of the window tablet is added here.
      input: { display: 'display.html' },
    },
  },
});
