declare module '*?bundle' {
  const code: string
  export default code
}
