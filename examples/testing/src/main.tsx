import { OAuthProvider } from '@latchkey/react'
import { createRoot } from 'react-dom/client'
import { App } from './app'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <OAuthProvider issuer="https://id.example.com" clientId="orders" resources={['https://api.example.com/']}>
      <App />
    </OAuthProvider>,
  )
}
