// The page without sign-in: what React and the page itself cost.
import { Fragment } from 'react'
import { API, show } from './page.js'

show({
  Provider: Fragment,
  useName: () => 'Alice',
  useSignIn: () => () => undefined,
  useCall: () => () => fetch(API, { headers: { authorization: 'Bearer token' } }),
  useRefresh: () => async () => undefined,
})
