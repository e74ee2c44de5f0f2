import { html } from 'hono/html'
import { parseUrl } from '../../http/parse-url.js'
import { cleanText } from '../../http/plain-text.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { ConsentParts } from '../consent-parts.js'
import { OUT_OF_BAND_URI } from '../out-of-band.js'
import type { InteractionPage, Page } from '../site-adapter.js'
import { layout, type Markup } from './layout.js'

/** A user who can sign in with one click. */
export interface Candidate {
  readonly userId: string
  readonly name: string
  readonly detail: string | undefined
}

/** Characters of a client's name on a page. */
const MAX_NAME = 100

/** What scope names mean to a user. */
const MEANING: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your name and profile',
  email: 'See your e-mail address',
  phone: 'See your phone number',
  address: 'See your postal address',
  offline_access: 'Stay signed in while you are away',
}

/** Creates the sign-in, account or consent page: a plain form each, no script. */
export function authorizationPage(page: InteractionPage, candidates: readonly Candidate[]): Page {
  const title = page.reason === 'consent' ? 'Allow access?' : page.reason === 'select-account' ? 'Choose an account' : 'Sign in'
  const content =
    page.reason === 'consent'
      ? consent(page, candidates)
      : page.reason === 'select-account'
        ? account(page, candidates)
        : signIn(page, candidates)
  return {
    html: (nonce) =>
      layout(
        nonce,
        `${title} · ${documentHost(page.client) ?? clientName(page.client)}`,
        html`<h1>${title}</h1>
          ${content}`,
      ),
  }
}

/** Returns what a scope name means to a user. */
export function meaningOf(scope: string): Markup | string {
  return (Object.hasOwn(MEANING, scope) && MEANING[scope]) || html`Use <strong><bdi>${scope}</bdi></strong>`
}

/** Returns the entries of a list with everything that the user is to agree to. */
export function permissions(parts: Permissions): readonly Markup[] {
  const { authorizationDetails, detailsTexts, scope, individualClaims, resources } = parts
  const claims = new Set([...individualClaims.idToken, ...individualClaims.userInfo])
  return [
    ...detailsTexts.map((text, index) => html`<li>${detailsLabel(text, authorizationDetails[index]?.type)}</li>`),
    ...scope.map((name) => html`<li>${meaningOf(name)}</li>`),
    ...[...claims].map(
      (name) =>
        html`<li>
          See <strong><bdi>${name}</bdi></strong> in your account
        </li>`,
    ),
    ...resources.map(
      (resource) =>
        html`<li>
          Do so at <strong><bdi>${resource}</bdi></strong>
        </li>`,
    ),
  ]
}

/** The same words may belong to another type. */
function detailsLabel(text: string, type: string | undefined): Markup {
  const sentence = html`<strong><bdi>${text}</bdi></strong>`
  return type === undefined || text.startsWith(type) ? sentence : html`${sentence} (<bdi>${type}</bdi>)`
}

/** What the user is to agree to, and one sentence for each of the details. */
export type Permissions = ConsentParts & Pick<InteractionPage, 'detailsTexts'>

/** Returns the client's name, or its id, as plain text without what would hide or move text. */
export function clientName({ clientName: name, clientId }: ClientRecord): string {
  return cleanText(name ?? clientId, MAX_NAME)
}

/**
 * Returns the host of a client whose id is the URL of its metadata; undefined for a registered client. Anyone can write a name into such a
 * document, so the host says who it is. @see draft-ietf-oauth-client-id-metadata-document-03, section 8.5
 */
export function documentHost({ clientId, selfRegistered }: ClientRecord): string | undefined {
  if (selfRegistered !== true || !/^https?:\/\//.test(clientId)) return undefined
  return parseUrl(clientId)?.host
}

/** Returns the client's name in isolation: the direction of its letters does not move the text around it. */
export function clientLabel(client: ClientRecord): Markup {
  const host = documentHost(client)
  if (host === undefined) return html`<strong><bdi>${clientName(client)}</bdi></strong>`
  if (client.clientName === undefined) return html`<strong><bdi>${host}</bdi></strong>`
  return html`<strong><bdi>${host}</bdi></strong> (calls itself <bdi>${clientName(client)}</bdi>)`
}

function signIn(page: InteractionPage, candidates: readonly Candidate[]): Markup {
  const fields = html` <label
      >Username
      <input
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
        autofocus
        value="${page.loginHint ?? ''}"
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <button name="action" value="sign-in">Sign in</button>`
  // No button that decides has the focus: a key that was pressed for another page would be the user's click (RFC 8252, section 8.6).
  const isHinted = ({ userId }: Candidate): number => Number(userId === page.loginHint)
  const choice = html`${candidates.toSorted((one, other) => isHinted(other) - isHinted(one)).map(candidateButton)}`
  return html`<p>to continue to ${clientLabel(page.client)}</p>
    ${alert(page)}
    ${
      candidates.length > 0
        ? html`<form method="post" action="${page.action}">
            ${csrf(page)}<input type="hidden" name="action" value="sign-in" />${choice}
          </form>`
        : html`<form method="post" action="${page.action}">${csrf(page)}${fields}</form>`
    }
    ${cancel(page)}`
}

function account(page: InteractionPage, candidates: readonly Candidate[]): Markup {
  const userId = page.session?.userId ?? ''
  const known = candidates.find((candidate) => candidate.userId === userId) ?? { userId, name: userId, detail: undefined }
  return html`<p>to continue to ${clientLabel(page.client)}</p>
    ${alert(page)}
    <form method="post" action="${page.action}">
      ${csrf(page)}
      <button class="user" name="action" value="continue">${label(known)}</button>
      <button class="quiet" name="action" value="switch">Use another account</button>
    </form>
    ${cancel(page)}`
}

function consent(page: InteractionPage, candidates: readonly Candidate[]): Markup {
  const userId = page.session?.userId
  const name = candidates.find((candidate) => candidate.userId === userId)?.name ?? userId
  return html`<p>${clientLabel(page.client)} ${location(page)} requests permission to</p>
    <ul>
      ${permissions(page)}
    </ul>
    <form method="post" action="${page.action}">
      ${csrf(page)}
      <button name="action" value="consent">Allow</button>
      <button class="quiet" name="action" value="deny">Deny</button>
    </form>
    ${strangerNote(page)} ${outOfBandNote(page)}
    <p class="note">Signed in as <strong>${name}</strong></p>`
}

/** What is not known about a client that no operator has reviewed. */
function strangerNote({ client, redirectUri, userCode }: InteractionPage): Markup {
  if (client.selfRegistered !== true) return html``
  if (documentHost(client) === undefined)
    return html`<p class="note">This application registered itself. Its name is not verified.</p>`
  const isLocal = userCode === undefined && parseUrl(redirectUri)?.protocol === 'http:'
  return html`<p class="note">This application is not registered here. Its name is not verified, only its address.</p>
    ${isLocal ? html`<p class="note">It runs on your device, where any program can use its address. Allow this only if you started it.</p>` : html``}`
}

/** No address shows whose the application is. */
function outOfBandNote({ client, redirectUri }: InteractionPage): Markup {
  if (redirectUri !== OUT_OF_BAND_URI) return html``
  return html`<p class="note">
    You will get a code to type into ${clientLabel(client)}. Allow this only if you started it there.
  </p>`
}

/** Where the client runs: a site, or the device that shows the code (RFC 8628, section 3.3.1). */
function location({ userCode, redirectUri }: InteractionPage): Markup {
  if (redirectUri === OUT_OF_BAND_URI) return html``
  if (userCode === undefined) return html`at <code><bdi>${destination(redirectUri)}</bdi></code>`
  return html`on the device that shows <code>${userCode}</code>`
}

/** Where a link or redirect leads: the host, or the scheme of an app. */
export function destination(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri)
  return host === '' ? protocol : host
}

function candidateButton(candidate: Candidate): Markup {
  return html`<button class="user" name="user" value="${candidate.userId}">${label(candidate)}</button>`
}

function label({ name, detail }: Candidate): Markup {
  const letter = html`<span class="letter" aria-hidden="true">${initials(name)}</span>`
  if (detail === undefined) return html`${letter}<span class="one alone">${name}</span>`
  return html`${letter}<span class="one">${name}</span><small>${detail}</small>`
}

/** Of the first two words, so that users with the same first letter look different. */
function initials(name: string): string {
  const letters = name.split(/\s+/).map((word) => word.slice(0, 1).toUpperCase())
  return letters.slice(0, 2).join('')
}

function csrf({ formToken }: Pick<InteractionPage, 'formToken'>): Markup {
  return html`<input type="hidden" name="csrf" value="${formToken}" />`
}

function alert({ message }: InteractionPage): Markup {
  return message === undefined ? html`` : html`<p class="alarm" role="alert">${message}</p>`
}

function cancel(page: InteractionPage): Markup {
  return html`<form method="post" action="${page.action}">
    ${csrf(page)}<button class="quiet" name="action" value="deny" formnovalidate>Cancel</button>
  </form>`
}
