import { requireSignIn } from '@latchkey/react'
import { createFileRoute } from '@tanstack/react-router'
import { client } from '../oauth-client'
import { SignInFailed } from '../sign-in-failed'

/** All routes in the folder `_signed-in` need a user. The server does not know the session, so they are loaded in the browser. */
export const Route = createFileRoute('/_signed-in')({
  ssr: false,
  beforeLoad: async (match) => ({ user: await requireSignIn(client, match) }),
  pendingComponent: () => <p>Loading …</p>,
  errorComponent: SignInFailed,
})
