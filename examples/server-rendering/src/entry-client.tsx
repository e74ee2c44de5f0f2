import { hydrateRoot } from 'react-dom/client'
import { App } from './app.js'

hydrateRoot(document.querySelector('#root')!, <App path={window.location.pathname} />)
