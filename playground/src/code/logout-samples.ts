import type { Connection } from '../connection/connection.js'
import { literal, providerCode } from './sample.js'

/** The code of the page “Logout by the server”. */

export function backChannelCode(connection: Connection): string {
  return `
import { OAuthProvider, SignedIn, useBackChannelLogout, useUser } from '@latchkey/react'

export function App() {
  return (
${providerCode(connection, [], '<SignedIn><LogoutListener /></SignedIn>')}
  )
}

// The API uses createLogoutVerifier() and createLogoutChannel() of @latchkey/resource/logout.
function LogoutListener() {
  const { sid } = useUser()
  useBackChannelLogout({ url: \`/api/logout-events?sid=\${encodeURIComponent(String(sid))}\` })
  return null
}
`
}

export function frontChannelCode({ issuer, clientId }: Connection): string {
  return `
import { handleFrontChannelLogout } from '@latchkey/core/front-channel-logout'

// The page at frontchannel_logout_uri. The open tabs of the app need no code.
const result = await handleFrontChannelLogout({
  issuer: ${literal(issuer)},
  clientId: ${literal(clientId)},
})
if (!result.signedOut) console.info('No session was ended:', result.reason)
`
}
