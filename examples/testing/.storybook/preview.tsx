import { withTestSession } from '@latchkey/react/testing'
import type { Preview } from '@storybook/react-vite'

const preview: Preview = { decorators: [withTestSession], parameters: { auth: 'signed-out' } }
export default preview
