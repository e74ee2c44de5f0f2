import type { PrismTheme } from 'prism-react-renderer'

/** The colors of highlighted code. In both schemes, each has a contrast of at least 4.5 to the background. */
export const codeTheme: PrismTheme = {
  plain: {
    color: 'light-dark(#24292f, #d4d4d4)',
    backgroundColor: 'light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))',
  },
  styles: [
    { types: ['comment'], style: { color: 'light-dark(#57606a, #9aa5b1)', fontStyle: 'italic' } },
    { types: ['string', 'attr-value'], style: { color: 'light-dark(#0a5c36, #9fd8a4)' } },
    { types: ['keyword', 'builtin', 'boolean', 'number'], style: { color: 'light-dark(#a1260d, #f0a58f)' } },
    { types: ['tag', 'class-name', 'maybe-class-name'], style: { color: 'light-dark(#3b3ba3, #a5b4fc)' } },
    { types: ['attr-name', 'property'], style: { color: 'light-dark(#6f42c1, #d2b8ff)' } },
    { types: ['function'], style: { color: 'light-dark(#0550ae, #8ecbff)' } },
    { types: ['punctuation', 'operator'], style: { color: 'light-dark(#424a53, #b8bec5)' } },
  ],
}
