/** `window.name` in the hidden frame of a silent sign-in. The name stays when the frame navigates. */
export const FRAME_NAME = 'latchkey-silent-sign-in'

/** Whether a page is in the hidden frame of a silent sign-in. The name alone proves nothing: the `target` of any link names a tab. */
export function isSignInFrame(page: Window | undefined): boolean {
  return page?.name === FRAME_NAME && page.parent !== page
}
