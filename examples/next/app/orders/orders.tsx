'use client'
import { RequireSignIn, useUser } from '@latchkey/react'
import { useEffect, useState } from 'react'

export function Orders({ page }: { readonly page: string }) {
  return (
    <RequireSignIn
      fallback={({ error, login }) =>
        error ? (
          <div role="alert">
            <p>{error.message}</p>
            <button onClick={() => void login()}>Try again</button>
          </div>
        ) : (
          <p>Loading …</p>
        )
      }
    >
      <OrdersOfUser page={page} />
    </RequireSignIn>
  )
}

function OrdersOfUser({ page }: { readonly page: string }) {
  const user = useUser()
  const [hash, setHash] = useState('')
  useEffect(() => setHash(window.location.hash), [])
  return (
    <>
      <h1>Orders of {user.name}</h1>
      <p>
        Page {page}, {hash}
      </p>
    </>
  )
}
