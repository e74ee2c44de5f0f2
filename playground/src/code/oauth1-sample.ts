import { literal } from './sample.js'

interface OAuth1Sample {
  readonly signatureMethod: string
  readonly placement: string
}

/** @returns the client and a component that uses it */
export function oauth1Code({ signatureMethod, placement }: OAuth1Sample): string {
  const secret = signatureMethod.startsWith('RSA') ? '  privateKey: await loadKey(),' : `  consumerSecret: 'my-secret',`
  const load = signatureMethod.startsWith('RSA') ? 'declare function loadKey(): Promise<CryptoKey>\n\n' : ''
  return `
import { createOAuth1Client } from '@latchkey/oauth1'
import { OAuthProvider, useAuthedFetch, useLogin } from '@latchkey/react'

${load}const photos = createOAuth1Client({
  consumerKey: 'my-key',
${secret}
  signatureMethod: ${literal(signatureMethod)},
  placement: ${literal(placement)},
  temporaryCredentialsUrl: 'https://photos.example.com/initiate',
  authorizationUrl: 'https://photos.example.com/authorize',
  tokenCredentialsUrl: 'https://photos.example.com/token',
  resources: ['https://photos.example.com/api/'],
})

export const app = <OAuthProvider clients={{ photos }}><Photos /></OAuthProvider>

function Photos() {
  const { login } = useLogin('photos')
  const authedFetch = useAuthedFetch({ client: 'photos' })
  const load = () => authedFetch('https://photos.example.com/api/photos')
  return (
    <>
      <button onClick={() => login({ transport: 'popup' })}>Connect</button>
      <button onClick={() => void load()}>Load</button>
    </>
  )
}
`
}
