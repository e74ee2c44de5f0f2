import type { StorybookConfig } from '@storybook/react-vite'

const config: StorybookConfig = { framework: '@storybook/react-vite', stories: ['../storybook/*.stories.tsx'] }
export default config
