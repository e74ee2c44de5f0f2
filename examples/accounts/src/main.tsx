import { AccountsProvider } from '@latchkey/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { accounts } from './accounts.js'
import { AccountSwitcher } from './account-switcher.js'
import { Profile } from './profile.js'

const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <AccountsProvider accounts={accounts}>
        <h1>Accounts</h1>
        <AccountSwitcher />
        <Profile />
      </AccountsProvider>
    </StrictMode>,
  )
}
