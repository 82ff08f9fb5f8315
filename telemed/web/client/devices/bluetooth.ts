// The part of Web Bluetooth that is used here; TypeScript's own library does not know it.

export interface Characteristic extends EventTarget {
  readonly value?: DataView;
  startNotifications(): Promise<Characteristic>;
  stopNotifications(): Promise<Characteristic>;
  writeValueWithResponse(value: BufferSource): Promise<void>;
}

interface Service {
  getCharacteristic(name: number | string): Promise<Characteristic>;
}

interface Server {
  readonly connected: boolean;
  connect(): Promise<Server>;
  disconnect(): void;
  getPrimaryService(name: number | string): Promise<Service>;
}

export interface Peripheral extends EventTarget {
  readonly id: string;
  readonly name?: string;
  readonly gatt?: Server;
  forget?(): Promise<void>;
}

interface Filter {
  services: (number | string)[];
}

export interface Bluetooth {
  getAvailability(): Promise<boolean>;
  // Only where the browser keeps what was paired; without it the patient would meet a chooser.
  getDevices?(): Promise<Peripheral[]>;
  requestDevice(wanted: { filters: Filter[] }): Promise<Peripheral>;
}

export function bluetooth(): Bluetooth | null {
  return (navigator as Navigator & { bluetooth?: Bluetooth }).bluetooth ?? null;
}

// "1810" is a number of the Bluetooth SIG, anything longer a whole UUID.
export function uuid(told: string): number | string {
  return told.length === 4 ? Number.parseInt(told, 16) : told;
}

export function hex(value: DataView): string {
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
