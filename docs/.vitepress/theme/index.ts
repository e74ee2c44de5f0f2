import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import { h } from 'vue'
import './custom.css'
import './diagrams.css'
import { HomePicture } from './home-picture.js'
import { LiveStory } from './live-story.js'

const theme: Theme = {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, undefined, { 'home-hero-after': () => h(HomePicture) }),
  enhanceApp({ app }) {
    app.component('LiveStory', LiveStory)
  },
}

export default theme
