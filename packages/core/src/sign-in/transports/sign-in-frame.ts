/** `window.name` in the hidden frame of a silent sign-in. The name stays when the frame navigates. */
export const FRAME_NAME = 'latchkey-silent-sign-in'

/** Whether a page is in the hidden frame of a silent sign-in. */
export function isSignInFrame(page: Window | undefined): boolean {
  return page?.name === FRAME_NAME
}
