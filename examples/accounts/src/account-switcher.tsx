import { useAccounts } from '@latchkey/react'

export function AccountSwitcher() {
  const { accounts, active, error, isPending, add, signOutAll, switchTo, signOut } = useAccounts()
  return (
    <nav aria-label="Accounts">
      <ul>
        {accounts.map((account) => (
          <li key={account.id}>
            <button type="button" aria-pressed={account === active} onClick={() => switchTo(account)}>
              {account.claims.name}
            </button>
            <button
              type="button"
              aria-label={`Sign out ${account.claims.name}`}
              onClick={() => void signOut(account, { local: true })}
            >
              Sign out
            </button>
          </li>
        ))}
      </ul>
      <button type="button" disabled={isPending} onClick={() => void add({ transport: 'popup' })}>
        Add an account
      </button>
      {accounts.length > 1 && (
        <button type="button" onClick={() => void signOutAll()}>
          Sign out all
        </button>
      )}
      {error && <p role="alert">{error.message}</p>}
    </nav>
  )
}
