import type { User } from '@latchkey/server'
import type { OAuth1Server } from '@latchkey/server/oauth1'
import { API_PATH, RECEIVED_AT } from '../src/oauth1/demo-provider.js'

interface Photo {
  readonly title: string
  readonly album: string
  readonly isPrivate?: boolean
}

/** The photos of each user. */
const photos: Readonly<Record<string, readonly Photo[]>> = {
  ada: [
    { title: 'Analytical Engine', album: 'work' },
    { title: 'Lake Geneva', album: 'summer' },
    { title: 'Passport', album: 'documents', isPrivate: true },
  ],
  alan: [
    { title: 'Bombe', album: 'work' },
    { title: 'Marathon', album: 'summer' },
    { title: 'Notebook', album: 'documents', isPrivate: true },
  ],
}

/** Handles a request to the protected API: the photos of the user who has allowed the access. Nothing is stored. */
export async function handlePhotoRequest(request: Request, server: OAuth1Server, users: readonly User[]): Promise<Response> {
  const verified = await server.verifyRequest(request, { origin: receivedAt(request) })
  if (!verified.ok) return verified.response
  const sub = verified.userId ?? ''
  const url = new URL(request.url)
  const path = url.pathname.slice(API_PATH.length)
  if (path === '/me') return Response.json({ sub, name: users.find((user) => user.sub === sub)?.claims?.['name'] })
  const own = photos[sub] ?? []
  if (path === '/photos/private') return Response.json({ owner: sub, photos: titles(own.filter(({ isPrivate }) => isPrivate)) })
  if (path !== '/photos') return Response.json({ error: 'not_found', known: ['photos', 'photos/private', 'me'] }, { status: 404 })
  const album = url.searchParams.get('album')
  const shown = own.filter((photo) => !photo.isPrivate && (album === 'all' || photo.album === album))
  if (request.method === 'DELETE') return Response.json({ owner: sub, would_delete: titles(shown) })
  if (request.method !== 'POST') return Response.json({ owner: sub, album, photos: titles(shown) })
  const title = (await request.formData()).get('title')
  return Response.json({ owner: sub, album, would_add: title })
}

/** Where the request would have arrived. Another value than an origin of this machine is ignored. */
function receivedAt({ headers }: Request): string | undefined {
  const [origin] = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/.exec(headers.get(RECEIVED_AT) ?? '') ?? []
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).origin : undefined
}

function titles(list: readonly Photo[]): readonly string[] {
  return list.map(({ title }) => title)
}
