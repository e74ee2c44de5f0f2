import { createError } from '../../errors/create-error.js'
import { isSignInFrame } from './sign-in-frame.js'

/**
 * Refuses a sign-in in the hidden frame of another one: the app that runs there would nest frames without end.
 *
 * @throws InteractionError iframe_blocked
 */
export function refuseNested(page: Window | undefined): void {
  if (!isSignInFrame(page)) return
  throw createError(
    'iframe_blocked',
    'This page is in the hidden frame of a silent sign-in, where no other sign-in is started.',
    {
      hint: 'The redirect URI shows a page that starts a sign-in. Pass a page with Latchkey’s callback as "redirectUri".',
    },
  )
}
