// The main flows, the same in every engine.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { password, userSite } from '@latchkey/server'
import { type EmbeddedServer, startEmbeddedServer } from '../harness/embedded-server.js'
import { startRecordingApi } from '../harness/recording-api.js'
import { alice, bob } from '../harness/users.js'
import { createWorld, type World } from '../harness/world.js'
import type { Engine, LaunchEngine, Profile, Tab } from './engine.js'

const DELETE_DATABASE = `await new Promise((resolve, reject) => {
  const deletion = indexedDB.deleteDatabase('latchkey')
  deletion.onsuccess = resolve
  deletion.onerror = reject
})`

/** What a later release leaves that has changed the form of the record. */
const MAKE_NEWER = `await new Promise((resolve, reject) => {
  const opening = indexedDB.open('latchkey')
  opening.onerror = reject
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('records', 'readwrite')
    const walk = transaction.objectStore('records').openCursor()
    walk.onsuccess = () => {
      const cursor = walk.result
      if (!cursor) return
      if (String(cursor.key).endsWith('/session')) cursor.update({ ...cursor.value, version: 2, revision: 'newer' })
      cursor.continue()
    }
    transaction.onabort = reject
    transaction.oncomplete = () => {
      opening.result.close()
      resolve()
    }
  }
})`

/** A full disk, in a tab that no other tab hears. */
const FAIL_TO_WRITE = `
  const full = () => { throw new DOMException('full', 'QuotaExceededError') }
  IDBObjectStore.prototype.put = full
  IDBObjectStore.prototype.delete = full
  BroadcastChannel.prototype.postMessage = () => undefined`

/** What an app without a sign-in page of the server does. */
const SIGN_IN_AS_BOB = `await window.passwordGrant(window.client, { username: '${bob.sub}', password: 'secret' })`

/** What a router does when the user follows a link to a guarded route. */
const FOLLOW_GUARDED_LINK = `void window.requireSignIn(window.client, { request: new Request('/orders') }).catch(() => undefined)`
const EXPECT_CANCELLED = `
  const error = await window.requireSignIn(window.client, { request: new Request('/orders') }).catch((cause) => cause.error)
  if (error !== 'access_denied') throw new Error('received ' + JSON.stringify(error))`

const site = userSite({ users: [{ sub: bob.sub, password: 'secret', claims: { name: bob.name } }] })

export function describeFlows(name: string, launch: LaunchEngine): void {
  describe(`main flows in ${name}`, () => {
    let world: World<EmbeddedServer>
    let engine: Engine
    let profile: Profile
    let tab: Tab
    beforeAll(async () => {
      engine = await launch()
    })
    afterAll(() => engine.close())
    beforeEach(async () => {
      const grants = [password({ allowPublicClients: true, site })]
      // New origins for each test: nothing is stored there.
      world = await createWorld((app) => startEmbeddedServer(app, { grants }))
      profile = await engine.openProfile()
      tab = await profile.openTab(world.app.origin)
      await sees(tab, 'status', 'signed-out')
    })
    afterEach(async () => {
      await profile.close()
      await world.close()
    })

    async function signIn(): Promise<void> {
      await tab.click('#sign-in')
      await tab.click(world.server.pages.userButton(alice))
      await sees(tab, 'status', 'signed-in')
    }

    it('signs in by redirect and shows the user again after a reload, without a request', async () => {
      await signIn()
      await sees(tab, 'name', alice.name)
      world.server.forget()
      await tab.reload()
      await sees(tab, 'name', alice.name)
      expect(world.server.seen).toEqual([])
    })

    it('signs in by popup', async () => {
      const popup = await tab.popup(() => tab.click('#sign-in-popup'))
      await expect.poll(() => popup.has(world.server.pages.userButton(alice))).toBe(true)
      expect(await popup.hasOpener()).toBe(false)
      await popup.click(world.server.pages.userButton(alice))
      await sees(tab, 'name', alice.name)
    })

    it('notices that the user closed the popup while it was blank, though the server does not respond', async () => {
      let release: (response: Response) => void = () => undefined
      const held = new Promise<Response>((resolve) => (release = resolve))
      world.server.dials.onRequest = (request) => (request.url.includes('/.well-known/') ? held : request)
      onTestFinished(() => {
        world.server.dials.onRequest = undefined
        release(new Response(null, { status: 503 }))
      })
      const popup = await tab.popup(() => tab.click('#sign-in-popup'))
      await popup.close()
      await sees(tab, 'error', 'popup_closed')
      await sees(tab, 'activity', 'idle')
    })

    it('shows the visitor’s page again, the fragment included, when a silent redirect finds no user', async () => {
      world.configure({ silent: ['redirect'] })
      const page = `${world.app.origin}/store?item=7#top`
      world.server.forget()
      // Another document: a change of the fragment alone loads nothing.
      await tab.goto(page)
      await sees(tab, 'status', 'signed-out')
      await expect.poll(() => tab.address()).toBe(page)
      expect(await tab.shows('error')).toBe('')
      expect(world.server.seen.filter(({ path }) => path === '/authorize')).toHaveLength(1)
    })

    it('shows a cancelled sign-in of a guarded link once, and starts a new one when the link is followed again', async () => {
      await tab.run(FOLLOW_GUARDED_LINK)
      await tab.click(world.server.pages.denyButton)
      await sees(tab, 'error', 'authorization_error')
      expect(await tab.address()).toBe(`${world.app.origin}/orders`)
      await tab.run(EXPECT_CANCELLED)
      await tab.run(FOLLOW_GUARDED_LINK)
      await tab.click(world.server.pages.userButton(alice))
      await sees(tab, 'name', alice.name)
      expect(await tab.address()).toBe(`${world.app.origin}/orders`)
    })

    it('signs both apps of a page in with one request, and keeps the deep link', async () => {
      world.configure({ hasTwoApps: true })
      const page = `${world.app.origin}/orders?page=2#row`
      world.server.forget()
      await tab.goto(page)
      await tab.click(world.server.pages.userButton(alice))
      await sees(tab, 'name', alice.name)
      await sees(tab, 'second-name', alice.name)
      expect(await tab.address()).toBe(page)
      expect(world.server.seen.filter(({ method, path }) => method === 'GET' && path === '/authorize')).toHaveLength(1)
      expect(world.requestsOfApp().filter((request) => request === 'POST /token')).toHaveLength(1)
    })

    it('notices that the user closed the popup', async () => {
      const popup = await tab.popup(() => tab.click('#sign-in-popup'))
      await expect.poll(() => popup.has(world.server.pages.userButton(alice))).toBe(true)
      await seesPopupLooks(tab, 3)
      await popup.close()
      await sees(tab, 'error', 'popup_closed')
    })

    it('refreshes an expired access token once before the API is called', async () => {
      world.server.dials.accessTokenLifetime = 600
      world.server.forget()
      await signIn()
      await tab.setClockShift(700_000)
      await tab.click('#call-api')
      await sees(tab, 'answer', `200 {"sub":"${alice.sub}"}`)
      // One for the code, one for the refresh token.
      expect(world.requestsOfApp().filter((request) => request === 'POST /token')).toHaveLength(2)
    })

    it.each([
      [{ tokenPlacement: 'header' }, '?site=here', ''],
      [{ tokenPlacement: 'query' }, '?access_token=TOKEN&site=here', ''],
      [{ tokenPlacement: 'body' }, '?site=here', 'access_token=TOKEN'],
    ] as const)('sends a POST whole, with a parameter of a hook in its URL: %j', async (settings, search, extra) => {
      //
      const api = await startRecordingApi()
      onTestFinished(() => api.close())
      world.configure({ ...settings, api: api.url, site: 'here' })
      await tab.reload()
      await signIn()
      await tab.click('#write-api')
      await sees(tab, 'answer', '200 taken')
      await tab.click('#poke-api')
      await expect.poll(() => api.calls.length).toBe(2)
      const withoutToken = (text: string): string => text.replace(/(?<=access_token=)[^&]{10,}/, 'TOKEN')
      const sent = api.calls.map(({ method, search: query, body }) => [method, withoutToken(query), withoutToken(body)])
      expect(sent).toEqual([
        ['POST', search, ['note=%C3%BC', extra].filter(Boolean).join('&')],
        ['POST', search, extra],
      ])
      const inHeader = settings.tokenPlacement === 'header'
      expect(api.calls.map(({ authorization }) => authorization !== undefined)).toEqual([inHeader, inHeader])
    })

    it('signs in again after the site data was deleted while tabs were open', async () => {
      const other = await profile.openTab(world.app.origin)
      await signIn()
      await sees(other, 'status', 'signed-in')
      await tab.run(DELETE_DATABASE)
      world.server.forget()
      // The server still knows the user.
      await tab.click('#sign-in')
      await expect.poll(() => world.tokenRequests()).toBe(1)
      await sees(tab, 'status', 'signed-in')
      await other.reload()
      await sees(other, 'name', alice.name)
      await sees(tab, 'name', alice.name)
    })

    it('stops refreshing when a newer release has changed the stored session', async () => {
      await signIn()
      await tab.run(MAKE_NEWER)
      world.server.forget()
      await tab.setClockShift(4_000_000)
      await tab.click('#call-api')
      await sees(tab, 'error', 'reload_required')
      expect(await tab.shows('status')).toBe('signed-in')
      expect(world.tokenRequests()).toBe(0)
    })

    it('keeps other tabs from using the refresh token that a tab with a full disk has spent', async () => {
      const other = await profile.openTab(world.app.origin)
      await signIn()
      await sees(other, 'status', 'signed-in')
      await tab.run(FAIL_TO_WRITE)
      world.server.forget()
      for (const each of [tab, other]) await each.setClockShift(4_000_000)
      await tab.click('#call-api')
      await sees(tab, 'answer', `200 {"sub":"${alice.sub}"}`)
      await other.click('#call-api')
      await sees(other, 'status', 'signed-out')
      expect(world.tokenRequests()).toBe(1)
      expect(await tab.shows('status')).toBe('signed-in')
    })

    it('shows the next user in every tab, who signed in by password over the former one', async () => {
      const other = await profile.openTab(world.app.origin)
      await signIn()
      await sees(other, 'name', alice.name)
      const WATCH = "window.changes = []; window.client.on('user-changed', ({ subject }) => window.changes.push(subject))"
      for (const each of [tab, other]) await each.run(WATCH)
      await tab.run(SIGN_IN_AS_BOB)
      for (const each of [tab, other]) {
        await sees(each, 'name', bob.name)
        await each.run(`if (window.changes.join() !== '${bob.sub}') throw new Error(window.changes.join())`)
      }
    })

    it('shows sign-in and sign-out of one tab in the other', async () => {
      const other = await profile.openTab(world.app.origin)
      await sees(other, 'status', 'signed-out')
      await signIn()
      await sees(other, 'status', 'signed-in')
      await sees(other, 'name', alice.name)
      await other.click('#sign-out-here')
      await sees(other, 'status', 'signed-out')
      await sees(tab, 'status', 'signed-out')
    })
  })
}

export async function sees(tab: Tab, what: string, text: string): Promise<void> {
  await expect.poll(() => tab.shows(what), { message: `"${what}" in the page` }).toBe(text)
}

/** Waits until the app has read `closed` of its popup that many more times. */
export async function seesPopupLooks(tab: Tab, more: number): Promise<void> {
  const before = await tab.popupLooks()
  await expect.poll(() => tab.popupLooks(), { message: 'looks at the popup' }).toBeGreaterThanOrEqual(before + more)
}
