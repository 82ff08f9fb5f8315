// What the doctor's page needs of a call, as one file: on a thin line each further one costs more than its bytes.

export { mountCall } from "./call_panel";
export { chosen } from "./device_choice";
export { DevicePicker } from "./device_picker";
