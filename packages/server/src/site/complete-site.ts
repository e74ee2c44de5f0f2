import { isPossibleName } from '../limits/normalize-name.js'
import { checkConsent } from './check-consent.js'
import { checkClaims, checkDecision, checkPage, checkUser, checkUserId } from './check-site-result.js'
import { errorPage, signedOutPage, signOutPage } from './pages/plain-pages.js'
import type { SiteAdapter } from './site-adapter.js'

/** A site with all of its methods. */
export type CompleteSite = SiteAdapter &
  Required<
    Pick<
      SiteAdapter,
      | 'claims'
      | 'readConsent'
      | 'authenticatePassword'
      | 'isActive'
      | 'renderSignOutPage'
      | 'renderSignedOutPage'
      | 'renderErrorPage'
      | 'findByLoginHint'
    >
  >

const completed = new WeakMap<SiteAdapter, CompleteSite>()

/**
 * Adds the server's own pages for those that a site does not have, and checks what the site returns. The site's methods keep their
 * `this`. Returns one object per site: a session of a site is one for all grants with that site.
 */
export function completeSite(site: SiteAdapter): CompleteSite {
  const complete = completed.get(site) ?? addMethods(site)
  completed.set(site, complete)
  return complete
}

function addMethods(site: SiteAdapter): CompleteSite {
  return {
    authenticate: async (interaction) => checkUser(await site.authenticate(interaction), 'authenticate'),
    renderAuthorizationPage: async (page) => checkPage(await site.renderAuthorizationPage(page), 'renderAuthorizationPage'),
    userDeniedAccess: async (interaction) =>
      checkDecision((await site.userDeniedAccess(interaction)) ?? false, 'userDeniedAccess'),
    readConsent: async (interaction) => checkConsent(await site.readConsent?.(interaction), interaction),
    claims: async (userId, query) => checkClaims(await site.claims?.(userId, query), 'claims'),
    authenticatePassword: async (credentials) =>
      checkUser(await site.authenticatePassword?.(credentials), 'authenticatePassword'),
    // A method that returns nothing must not make everyone active.
    isActive: async (userId, token) => checkDecision(site.isActive ? await site.isActive(userId, token) : true, 'isActive'),
    renderSignOutPage: async (form) =>
      checkPage((await site.renderSignOutPage?.(form)) ?? signOutPage(form), 'renderSignOutPage'),
    renderSignedOutPage: async (page) =>
      checkPage((await site.renderSignedOutPage?.(page)) ?? signedOutPage(page), 'renderSignedOutPage'),
    findByLoginHint: async (query) =>
      isPossibleName(query.loginHint) ? checkUserId(await site.findByLoginHint?.(query), 'findByLoginHint') : undefined,
    accounts: site.accounts,
    renderErrorPage: async (error) => checkPage((await site.renderErrorPage?.(error)) ?? errorPage(error), 'renderErrorPage'),
  }
}
