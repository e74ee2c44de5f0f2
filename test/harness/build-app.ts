import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { builtApp } from './built-app.js'

/** Vitest calls it once for a run: the app of the end-to-end tests, on the packages' `dist`, in production mode. */
export async function setup(): Promise<void> {
  await build({
    root: fileURLToPath(new URL('../e2e/app', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    plugins: [react()],
    build: {
      outDir: builtApp,
      emptyOutDir: true,
      rolldownOptions: {
        input: ['index.html', 'callback.html'].map((page) => fileURLToPath(new URL(`../e2e/app/${page}`, import.meta.url))),
      },
    },
  })
}
