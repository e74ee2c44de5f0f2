import { approvalPage } from '../features/ciba/approval-page.js'
import { deviceDonePage, devicePage } from '../features/device/device-pages.js'
import { errorPage, signedOutPage, signOutPage } from './pages/plain-pages.js'
import type { SiteAdapter } from './site-adapter.js'

/** A site with all of its pages. */
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
      | 'renderDevicePage'
      | 'renderDeviceDonePage'
      | 'findByLoginHint'
      | 'renderApprovalPage'
    >
  >

/** @returns the site, with the server's own pages for those that it lacks; its methods keep their `this` */
export function completeSite(site: SiteAdapter): CompleteSite {
  return {
    authenticate: (interaction) => site.authenticate(interaction),
    renderAuthorizationPage: (page) => site.renderAuthorizationPage(page),
    userDeniedAccess: (interaction) => site.userDeniedAccess(interaction),
    claims: (userId, query) => site.claims?.(userId, query),
    authenticatePassword: (credentials) => site.authenticatePassword?.(credentials),
    isActive: (userId, about) => site.isActive?.(userId, about) ?? true,
    renderSignOutPage: (form) => site.renderSignOutPage?.(form) ?? signOutPage(form),
    renderSignedOutPage: (about) => site.renderSignedOutPage?.(about) ?? signedOutPage(about),
    renderDevicePage: (form) => site.renderDevicePage?.(form) ?? devicePage(form),
    renderDeviceDonePage: (about) => site.renderDeviceDonePage?.(about) ?? deviceDonePage(about),
    findByLoginHint: (query) => site.findByLoginHint?.(query),
    renderApprovalPage: (page) => site.renderApprovalPage?.(page) ?? approvalPage(page),
    renderErrorPage: (fault) => site.renderErrorPage?.(fault) ?? errorPage(fault),
  }
}
