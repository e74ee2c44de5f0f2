/// <reference types="vite/client" />
/// <reference types="@latchkey/vite/client" />
