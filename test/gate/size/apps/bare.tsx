// React and react-dom alone: what every app has anyway.
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

function Page() {
  const [answer, setAnswer] = useState('')
  return (
    <button onClick={() => void fetch('/me').then(async (response) => setAnswer(await response.text()))}>
      {answer || 'Call'}
    </button>
  )
}

createRoot(document.body).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)
