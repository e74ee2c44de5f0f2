import DefaultTheme from 'vitepress/theme'
import './custom.css'
import './diagrams.css'

export default DefaultTheme
