// What is needed only while somebody waits for the doctor or talks to them.

export { Again } from "./again";
export { Visit } from "./visit";
export { Written } from "./written";
