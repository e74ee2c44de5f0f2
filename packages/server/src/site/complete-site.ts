import { errorPage, signedOutPage, signOutPage } from './pages/plain-pages.js'
import type { SiteAdapter } from './site-adapter.js'

/** A site with all of its methods. */
export type CompleteSite = SiteAdapter &
  Required<
    Pick<
      SiteAdapter,
      | 'claims'
      | 'authenticatePassword'
      | 'isActive'
      | 'renderSignOutPage'
      | 'renderSignedOutPage'
      | 'renderErrorPage'
      | 'findByLoginHint'
    >
  >

/** Adds the server's own pages for those that a site does not have. The site's methods keep their `this`. */
export function completeSite(site: SiteAdapter): CompleteSite {
  return {
    authenticate: (interaction) => site.authenticate(interaction),
    renderAuthorizationPage: (page) => site.renderAuthorizationPage(page),
    userDeniedAccess: (interaction) => site.userDeniedAccess(interaction),
    claims: (userId, query) => site.claims?.(userId, query),
    authenticatePassword: (credentials) => site.authenticatePassword?.(credentials),
    isActive: (userId, token) => site.isActive?.(userId, token) ?? true,
    renderSignOutPage: (form) => site.renderSignOutPage?.(form) ?? signOutPage(form),
    renderSignedOutPage: (page) => site.renderSignedOutPage?.(page) ?? signedOutPage(page),
    findByLoginHint: (query) => site.findByLoginHint?.(query),
    accounts: site.accounts,
    renderErrorPage: (error) => site.renderErrorPage?.(error) ?? errorPage(error),
  }
}
