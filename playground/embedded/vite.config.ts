// Builds the story of the code flow as static files for the documentation: it needs no server, and works below any path.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { CSS_TARGET } from '../css-target.js'

const folder = import.meta.dirname

export default defineConfig({
  root: folder,
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
  build: {
    cssTarget: [...CSS_TARGET],
    outDir: join(folder, '../../docs/public/story'),
    emptyOutDir: true,
  },
})
