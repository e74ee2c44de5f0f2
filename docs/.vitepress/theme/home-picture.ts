import { withBase } from 'vitepress'
import { h, type VNode } from 'vue'
import dark from '../../../playground/screenshot-dark.png'
import light from '../../../playground/screenshot-light.png'

const ALT =
  'The playground: a signed-in test user, the sign-in as arrows between user, app and server, and every message that was sent'

/** The playground, below the first lines of the home page. It leads to the story that runs in the browser. */
export function HomePicture(): VNode {
  return h('p', { class: 'home-picture' }, [
    h('a', { href: withBase('/understand/code-flow') }, [picture(light, 'only-light'), picture(dark, 'only-dark')]),
  ])
}

function picture(src: string, shown: string): VNode {
  return h('img', { class: shown, src, alt: ALT, width: 1280, height: 1000 })
}
