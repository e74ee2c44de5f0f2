import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { builtApp, builtApps, builtExtensionsApp } from './built-app.js'

const once = globalThis as typeof globalThis & { appsAreBuilt?: boolean }

/** Builds the apps of the end-to-end tests on the packages' `dist`, in production mode. Vitest calls it for each project. */
export async function setup(): Promise<void> {
  if (once.appsAreBuilt) return
  once.appsAreBuilt = true
  await buildApp('../e2e/app', builtApp)
  await buildApp('../e2e/extensions-app', builtExtensionsApp)
}

export async function teardown(): Promise<void> {
  await rm(builtApps, { recursive: true, force: true })
}

async function buildApp(folder: string, outDir: string): Promise<void> {
  const root = new URL(`${folder}/`, import.meta.url)
  await build({
    root: fileURLToPath(root),
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: { input: ['index.html', 'callback.html'].map((page) => fileURLToPath(new URL(page, root))) },
    },
  })
}
