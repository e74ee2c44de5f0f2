import react from '@vitejs/plugin-react'
import { latchkey } from '@latchkey/vite'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react(), latchkey({ api: '/api', clients: [{ clientId: 'app', clientName: 'Latchkey playground' }] })],
  // The app runs on the packages' sources, so that a change in them is seen at once.
  resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
})
