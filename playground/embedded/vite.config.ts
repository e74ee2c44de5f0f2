// Builds the story of the code flow as static files for the documentation: it needs no server, and works below any path.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

const folder = import.meta.dirname

export default defineConfig({
  root: folder,
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
  // The first browsers with `light-dark()`: what replaces it in older ones would not see the color scheme, which a script sets.
  build: {
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    outDir: join(folder, '../../docs/public/story'),
    emptyOutDir: true,
  },
})
