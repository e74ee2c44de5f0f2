import { Button, Group, Text } from '@mantine/core'
import { createOAuth1Client, type OAuth1Client } from '@latchkey/oauth1'
import { OAuthProvider, useAuthedFetch, useLogin, useLogout, useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { ApiCall } from '../api/api-call.js'
import { openAlteredPopup } from '../faults/altered-popup.js'
import { experimentFetch } from '../network-log/logging-fetch.js'
import { recordOAuth1Request } from '../network-log/navigations.js'
import { Card } from '../ui/card.js'
import { ErrorAlert, errorTitle } from '../ui/error-alert.js'
import { API_PATH } from './demo-provider.js'
import { clientOptions, type Settings } from './settings.js'
import { photoRequest } from './tamperings.js'

/** Clients live as long as the page: one for each combination of settings. */
const clients = new Map<string, OAuth1Client>()

function clientOf(settings: Settings): OAuth1Client {
  const name = `${settings.signatureMethod} ${settings.placement}`
  const client = clients.get(name) ?? createPhotoClient(settings)
  clients.set(name, client)
  return client
}

function createPhotoClient(settings: Settings): OAuth1Client {
  return createOAuth1Client({
    ...clientOptions(settings),
    fetch: experimentFetch,
    environment: { openWindow: openAlteredPopup(recordOAuth1Request) },
    async userInfo(fetch) {
      const isForm = settings.placement === 'body'
      const response = await fetch(`${API_PATH}/me`, isForm ? { method: 'POST', body: new URLSearchParams() } : {})
      return (await response.json()) as { readonly sub: string; readonly name: string }
    },
  })
}

/** The same in one call, with the hooks that every client has. */
export function WholeSignIn({ settings }: { readonly settings: Settings }): ReactNode {
  return (
    <Card
      title="In one call"
      hint="An app does not run the steps itself: login() runs all of them, and the hooks of @latchkey/react work as with OAuth 2."
    >
      <OAuthProvider clients={{ photos: clientOf(settings) }}>
        <PhotoSession settings={settings} />
      </OAuthProvider>
    </Card>
  )
}

function PhotoSession({ settings }: { readonly settings: Settings }): ReactNode {
  const { status, claims, error } = useOAuth('photos')
  const { login, isPending } = useLogin('photos')
  const { logout } = useLogout('photos')
  const authedFetch = useAuthedFetch({ client: 'photos' })
  const signIn = (transport: 'popup' | 'redirect'): void => void login({ transport }).catch(() => undefined)
  return (
    <>
      <Text size="sm" role="status">
        {status === 'signed-in'
          ? `Signed in to the photo API as ${claims?.name ?? claims?.sub}.`
          : status === 'restoring'
            ? 'Restoring the session with the photo API.'
            : 'Not signed in to the photo API.'}
      </Text>
      {status === 'signed-in' ? (
        <>
          <ApiCall
            label="Load the photos"
            url={`${API_PATH}/photos`}
            send={() => authedFetch(photoRequest(settings))}
            isPrimary
          />
          <Group>
            <Button variant="default" onClick={() => void logout()}>
              Forget the token
            </Button>
          </Group>
        </>
      ) : status === 'restoring' ? undefined : (
        <Group gap="xs">
          <Button loading={isPending} onClick={() => signIn('popup')}>
            Connect by popup
          </Button>
          <Button variant="default" disabled={isPending} onClick={() => signIn('redirect')}>
            Connect by redirect
          </Button>
        </Group>
      )}
      {error && <ErrorAlert error={error} title={errorTitle(error)} />}
    </>
  )
}
