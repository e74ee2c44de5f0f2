import { latchkey } from '@latchkey/vite'
import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const port = Number(process.env.PORT ?? 3000)

export default defineConfig({
  plugins: [latchkey(), tanstackStart(), react()],
  server: { port, strictPort: true },
  preview: { port, strictPort: true },
})
