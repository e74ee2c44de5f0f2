import { withBase } from 'vitepress'
import { defineComponent, h, onBeforeUnmount, onMounted, ref, type VNode } from 'vue'

/**
 * Shows the playground's story of the code flow, which is built as static files below `/story/`. In a frame, because its styles would
 * change those of the page. Readers without JavaScript, and search engines, see the contents of the element instead.
 */
export const LiveStory = defineComponent({
  name: 'LiveStory',
  setup(_, { slots }) {
    const isMounted = ref(false)
    const height = ref(MIN_HEIGHT_PX)
    let observer: ResizeObserver | undefined
    onMounted(() => (isMounted.value = true))
    onBeforeUnmount(() => observer?.disconnect())
    const follow = (event: Event): void => {
      observer?.disconnect()
      observer = followHeight(event.target, (next) => (height.value = next))
    }
    return (): VNode | VNode[] | undefined => {
      if (!isMounted.value) return slots.default?.()
      const style = { height: `${height.value}px` }
      return h('iframe', { class: 'live-story', src: withBase('/story/index.html'), title: TITLE, style, onLoad: follow })
    }
  },
})

const MIN_HEIGHT_PX = 640
const TITLE = 'A sign-in with the code flow, step by step'

/** A frame does not grow with its contents by itself. @returns undefined if the frame has no document of this origin */
function followHeight(frame: EventTarget | null, onHeight: (px: number) => void): ResizeObserver | undefined {
  const body = frame instanceof HTMLIFrameElement ? frame.contentDocument?.body : undefined
  if (!body) return undefined
  const observer = new ResizeObserver(() => onHeight(Math.max(MIN_HEIGHT_PX, Math.ceil(body.getBoundingClientRect().height))))
  observer.observe(body)
  return observer
}
