import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import './custom.css'
import './diagrams.css'
import { LiveStory } from './live-story.js'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('LiveStory', LiveStory)
  },
}

export default theme
