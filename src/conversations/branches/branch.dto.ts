import { IsString, IsUUID, Length, Matches } from 'class-validator';
import { Optional } from '../../common/optional.js';
import { MessageView } from '../message.dto.js';

/** Versions of one message: those with the same parent, in the order they were made. */
export class SiblingsView {
  data: MessageView[];
  /** Which of them is on the active path; null: none.
   * @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  activeId: string | null;
}

/** Which path to show. */
export class SwitchPath {
  /** A message that the active path is to go through; from it on, the newest messages are taken.
   * @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  @IsUUID()
  messageId: string;
}

/** A new conversation that begins as another one did. */
export class ForkConversation {
  /** The last message to take over; the path to it is copied.
   * @example "019ab0c1-5a1e-7b6e-8f0a-3f1d2c4b5a60" */
  @IsUUID()
  messageId: string;

  /** Its title; that of the other one when left out.
   * @example "Education and healthcare, other years" */
  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(/[^\s\p{C}]/u, { message: 'title must hold something visible' })
  title?: string;
}
