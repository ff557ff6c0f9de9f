"""Every fault that must lose nothing: what it is, how it is injected, and the tests that do so; the README's table.

A fault is a number of the project's list of faults, or of its list of security with an S before it.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """`tests` are files below tests/ with the names of functions; those of one fault count together."""

    number: str
    fault: str
    injected: str
    tests: tuple[str, ...]


FAULTS = (
    Fault("1", "SSH drops; the app is opened, left and killed", "the terminal's other end is closed under a real run", (
        "end_to_end/test_launch.py::test_a_run_launched_from_the_form_outlives_its_terminal",
        "end_to_end/test_open_close.py::test_opening_and_closing_the_app_changes_nothing",
    )),
    Fault("2", "the app's terminal is gone, SIGHUP ignored", "the terminal is closed, SIGHUP blocked or ignored", (
        "end_to_end/test_terminal.py::test_the_app_ends_with_its_terminal",
    )),
    Fault("3", "engine killed at a random moment", "SIGKILL, then compared with a run that nobody harmed", (
        "faults/test_random_kills.py::test_forty_kills_at_random_moments_lose_nothing",
        "engine/test_faults_process.py::test_a_killed_engine_is_told_at_once_and_the_run_goes_on_without_a_gap",
        "store/test_attempts.py::test_an_attempt_that_never_came_to_a_step_hides_no_point",
    )),
    Fault("4", "killed in mid-save", "SIGKILL to a process that saves without a pause", (
        "faults/test_random_kills.py::test_kills_in_mid_save_leave_the_newest_listed_checkpoint_whole",
    )),
    Fault("5", "power loss: right size, zeroed pages", "4 KiB of each finished file are zeroed", (
        "engine/test_resume.py::test_from_an_older_checkpoint_it_goes_the_same_way",
        "store/test_checkpoints.py::test_every_harm_to_every_file_is_named",
    )),
    Fault("6", "disk full while saving", "a limit on the size of files, set on a real engine; a full filesystem", (
        "faults/test_one_run_suffers.py::test_a_full_disk_costs_checkpoints_and_not_the_run",
        "faults/test_checkpoint_folders.py::test_an_old_one_goes_only_when_the_new_one_is_listed",
        "faults/test_one_run_suffers.py::test_a_run_that_is_to_stop_on_a_full_disk_stops_and_is_resumed",
        "faults/test_checkpoint_folders.py::test_a_disk_with_too_little_room_is_not_begun_on",
        "faults/test_real_full_disk.py::test_what_has_no_room_is_refused_and_leaves_nothing",
    )),
    Fault("7", "store can't be written", "the same limit, and filesystem; another process that holds the lock", (
        "faults/test_one_run_suffers.py::test_no_step_is_missing_though_disk_and_store_were",
        "engine/test_spool.py::test_a_locked_store_holds_nothing_up_and_lacks_nothing_later",
        "engine/test_spool.py::test_what_an_engine_could_not_write_before_it_died_is_written_by_the_next",
        "engine/test_spool.py::test_a_full_disk_keeps_the_rows_in_memory",
        "faults/test_real_full_disk.py::test_a_store_on_a_full_disk_has_every_row_once_there_is_room",
        "tui/test_app_spool.py::test_the_screen_of_a_run_says_that_rows_wait_for_the_store",
    )),
    Fault("8", "out of memory at the start", "forward passes that may keep so many bytes and no more", (
        "engine/test_memory_run.py::test_smaller_parts_make_the_same_updates",
        "engine/test_memory_run.py::test_what_fitted_is_remembered_for_the_next_run_and_for_a_resume",
        "engine/test_memory_run.py::test_a_batch_that_is_to_stay_as_it_is_ends_the_run_in_a_sentence",
    )),
    Fault("9", "out of memory late, on the longest rows", "one row 20 times as long; evaluations that need too much", (
        "engine/test_memory.py::test_the_longest_rows_are_tried_before_the_first_update",
        "engine/test_memory_run.py::test_a_row_that_never_fits_costs_no_step_made_before_it",
        "engine/test_memory_run.py::test_an_evaluation_is_halved_alone_and_says_the_same",
    )),
    Fault("10", "loss or gradient not finite", "models that answer NaN, or have endless gradients", (
        "engine/test_nonfinite.py::test_one_bad_row_costs_its_updates_and_no_more",
        "engine/test_nonfinite.py::test_three_in_a_row_end_the_run_with_its_last_finite_checkpoint",
        "engine/test_nonfinite.py::test_endless_gradients_end_it_as_losses_do_after_as_many_as_configured",
    )),
    Fault("11", "newest checkpoint damaged", "each of its files cut, emptied, zeroed and removed in turn", (
        "faults/test_checkpoint_folders.py::test_the_newest_whole_one_is_used_and_the_damaged_one_is_named",
    )),
    Fault("12", "no checkpoint is whole", "all are damaged", (
        "engine/test_resume.py::test_without_a_whole_checkpoint_it_refuses",
        "faults/test_checkpoint_folders.py::test_where_none_is_whole_nothing_starts_again_in_silence",
    )),
    Fault("13", "rotation of checkpoints", "a strange folder, one that can't be deleted, a save that fails", (
        "faults/test_checkpoint_folders.py::test_the_best_the_pinned_and_two_more_stay_and_no_strange_folder_goes",
        "faults/test_checkpoint_folders.py::test_what_can_not_be_deleted_stops_nothing_and_goes_at_the_next_start",
        "faults/test_checkpoint_folders.py::test_an_old_one_goes_only_when_the_new_one_is_listed",
        "engine/test_resume.py::test_what_a_killed_engine_left_is_removed",
        "store/test_upkeep_hard.py::test_half_a_deleted_checkpoint_is_a_leftover_though_it_looks_finished",
    )),
    Fault("14", "a resume that is not the same run", "straight and resumed runs, dropout on, inside an epoch", (
        "engine/test_resume.py::test_from_an_older_checkpoint_it_goes_the_same_way",
        "engine/test_resume.py::test_at_the_last_step_it_makes_none_more",
        "engine/test_method_resume.py::test_a_resume_goes_the_same_way",
        "engine/test_resume_knobs.py::test_with_an_average_a_pull_to_the_start_and_a_measure_of_what_is_kept",
    )),
    Fault("15", "data, model or libraries changed before a resume", "each is changed in turn", (
        "engine/test_resume.py::test_on_other_data_it_refuses",
        "engine/test_resume.py::test_on_another_model_or_other_held_out_rows_it_refuses",
        "engine/test_resume.py::test_other_libraries_make_it_approximate_and_it_says_so",
    )),
    Fault("16", "an adapter that is not taken up", "another shape, a model wrapped twice; every weight is compared", (
        "engine/test_method_adapter.py::test_an_adapter_of_another_shape_is_not_taken_up",
        "engine/test_method_adapter.py::test_a_model_that_was_wrapped_twice_does_not_take_it_up",
        "engine/test_method_adapter.py::test_a_saved_adapter_is_taken_up_to_the_last_bit",
    )),
    Fault("17", "accumulation that is not weighted by tokens", "ragged rows, four at once and one by one", (
        "engine/test_loss.py::test_four_rows_at_once_are_one_row_four_times",
    )),
    Fault("18", "pad is the end of a turn", "a tokenizer in which they are one; templates with none", (
        "engine/test_causal_lm.py::test_preflight_passes_where_a_turn_end_is_trained_though_pad_is_the_same_token",
        "engine/test_causal_lm.py::test_preflight_fails_where_no_turn_end_is_trained",
    )),
    Fault("19", "a chat template that marks no answer", "the templates of many models, and some made to fail", (
        "engine/test_causal_lm.py::test_every_answer_is_trained_with_its_end_and_without_the_line_break",
        "engine/test_causal_lm.py::test_rows_that_all_train_nothing_are_an_error_with_their_number",
        "engine/test_causal_lm.py::test_a_template_that_rewrites_earlier_turns_is_refused_with_its_place",
    )),
    Fault("20", "rows in one pack that see each other", "packed and separate losses; models that leak", (
        "engine/test_packing.py::test_packed_rows_have_the_losses_and_gradients_that_they_have_alone",
        "engine/test_packing.py::test_a_model_that_looks_over_the_border_is_refused",
    )),
    Fault("21", "malformed files of rows", "written, and given to the command line", (
        "faults/test_injected_files.py::test_the_command_line_refuses_a_malformed_file_in_one_sentence",
        "faults/test_injected_files.py::test_no_run_would_start_on_a_malformed_file",
        "engine/test_jsonl.py::test_a_bad_line_is_named_with_its_fault",
        "engine/test_jsonl.py::test_a_bad_file_is_refused_with_its_fault",
    )),
    Fault("22", "bombs: rows of 300 MB, deep nesting, long numbers", "read under a limit on memory", (
        "engine/test_bombs.py::test_a_bomb_is_an_error_with_its_line",
        "engine/test_bombs.py::test_a_line_of_300_megabytes_is_passed_over_in_bounded_memory",
        "engine/test_table_bombs.py::test_a_bomb_is_an_error_with_its_line",
        "engine/test_table_bombs.py::test_a_line_of_300_megabytes_is_passed_over",
        "engine/test_archives.py::test_a_bomb_is_refused_in_bounded_memory",
    )),
    Fault("23", "escape codes and markup in data", "shown on every screen; every byte of a real terminal read", (
        "end_to_end/test_escapes_everywhere.py::test_no_payload_drives_the_terminal_on_any_screen",
        "end_to_end/test_terminal.py::test_no_escape_of_the_data_reaches_the_terminal",
        "tui/test_app_hostile.py::test_runs_show_hostile_text_as_text",
        "tui/test_app_hostile.py::test_what_is_named_after_files_and_typed_is_shown_as_text",
        "tui/test_app_hostile.py::test_a_comparison_shows_hostile_text_as_text",
        "tui/test_cli.py::test_no_name_or_text_reaches_the_terminal_raw",
    )),
    Fault("24", "store busy", "many processes that write at once; a lock that is held", (
        "store/test_migrations.py::test_many_processes_at_once_make_one_store",
        "store/test_writers.py::test_nobody_is_told_that_it_is_locked_and_nothing_is_missing",
        "store/test_database.py::test_a_transaction_that_finds_the_store_locked_can_be_tried_again",
    )),
    Fault("25", "store truncated, empty, no database, newer", "each is put in its place", (
        "faults/test_injected_files.py::test_a_damaged_store_is_refused_and_never_written_over",
        "store/test_database.py::test_a_truncated_store_is_refused_and_kept",
        "store/test_database.py::test_what_is_no_database_is_refused_and_kept",
        "store/test_database.py::test_another_programs_database_is_refused_and_kept",
        "store/test_database.py::test_an_emptied_store_beside_runs_is_refused_until_it_is_removed",
        "store/test_database.py::test_a_newer_store_is_read_and_never_written",
        "tui/test_app_newer.py::test_a_newer_store_is_shown_with_a_sentence_and_never_changed",
        "store/test_database.py::test_the_newest_backup_is_offered",
    )),
    Fault("26", "store on a network filesystem", "our filesystem named as one of the network, for every process", (
        "faults/test_store_on_a_network.py::test_a_real_run_works_without_the_shared_memory_of_wal",
        "faults/test_store_on_a_network.py::test_the_filesystem_is_that_of_the_deepest_mount",
        "faults/test_store_on_a_network.py::test_a_store_that_moved_to_the_network_leaves_wal",
        "faults/test_store_on_a_network.py::test_the_stores_own_tests_pass_without_wal",
        "tui/test_cli_upkeep.py::test_doctor_says_that_the_store_lies_on_a_network",
    )),
    Fault("27", "a run that hangs", "SIGSTOP, and SIGUSR1 for its stacks", (
        "faults/test_one_run_suffers.py::test_a_run_that_is_held_is_late_and_goes_on",
        "tui/test_app_late.py::test_a_run_that_broke_its_promise_is_told_with_its_phase",
    )),
    Fault("28", "something outlives the engine", "a process that has its lock when it is killed", (
        "faults/test_survivors.py::test_the_next_run_waits_for_what_holds_the_lock_and_it_is_named",
        "engine/test_faults_process.py::test_the_next_runner_waits_for_the_orphan_and_records_it",
    )),
    Fault("29", "reboot, or a process id used again", "another start time, another boot", (
        "store/test_locks_processes.py::test_a_stranger_with_the_same_number_is_never_signalled",
        "store/test_states.py::test_a_run_that_nobody_holds_was_interrupted",
    )),
    Fault("30", "two apps, two runners", "real processes that claim and queue at once", (
        "store/test_runs.py::test_every_run_is_claimed_once_whoever_claims",
        "engine/test_faults_process.py::test_a_second_runner_leaves_at_once",
        "store/test_queue_order.py::test_two_apps_at_once_lose_no_run_and_no_place",
        "engine/test_spool.py::test_a_command_is_obeyed_once_though_it_cannot_be_marked",
    )),
    Fault("31", "stop in any phase, twice, by SIGTERM", "real engines, asked and signalled", (
        "engine/test_faults_process.py::test_a_stopped_run_is_saved_where_it_stands_and_goes_on",
        "engine/test_faults_process.py::test_a_terminated_engine_saves_too",
        "engine/test_faults_process.py::test_a_run_stopped_while_it_answers_is_saved_and_a_kill_is_told_as_asked",
        "engine/test_faults_process.py::test_a_run_stopped_before_its_first_update_says_so",
        "engine/test_stop_in_phases.py::test_before_the_first_update_it_ends_in_that_phase_and_may_start_again",
        "engine/test_stop_in_phases.py::test_after_updates_they_are_saved_and_the_run_goes_on_from_there",
        "engine/test_stop_in_phases.py::test_while_it_compiles_it_ends_as_soon_as_torch_gives_it_back",
        "faults/test_one_run_suffers.py::test_a_group_that_is_terminated_saves_where_it_stands",
        "tui/test_app_questions.py::test_stopping_twice_kills_after_the_name_is_typed",
    )),
    Fault("32", "hub down, gated, or slow", "a hub on the loopback interface that refuses and hangs", (
        "engine/test_hub_data.py::test_each_refusal_is_a_sentence_with_what_to_do",
        "engine/test_hub_data.py::test_a_hub_that_is_down_and_one_that_is_not_to_be_asked_are_sentences",
        "engine/test_hub_data.py::test_a_hub_that_hangs_is_given_up",
        "engine/test_models_verb.py::test_a_search_asks_the_hub_and_tells_no_token",
        "engine/test_hub_models.py::test_each_refusal_of_a_model_is_a_sentence_with_what_to_do",
        "engine/test_hub_models.py::test_a_hub_that_hangs_or_is_not_there_is_given_up",
        "engine/test_models.py::test_a_hub_id_that_is_not_in_the_cache_says_so_when_offline",
    )),
    Fault("S1", "terminal escapes", "every control and direction character, through the app's filter", (
        "tui/test_clean.py::test_every_control_and_direction_character_is_removed",
        "tui/test_clean.py::test_the_filter_keeps_the_width_that_the_line_was_laid_out_with",
        "tui/test_self_test.py::test_no_payload_gets_through_by_any_way",
    )),
    Fault("S2", "markup in data", "shown on every screen", (
        "tui/test_app_hostile.py::test_what_is_pasted_into_the_form_is_shown_as_text",
        "tui/test_log_pane.py::test_text_is_folded_and_never_markup",
    )),
    Fault("S3", "pickled weights", "models, adapters and checkpoints that would touch a file", (
        "engine/test_models.py::test_weights_that_are_pickled_are_not_loaded",
        "engine/test_hostile_weights.py::test_a_state_that_would_run_code_ends_the_resume",
        "engine/test_hostile_weights.py::test_what_a_checkpoint_holds_besides_is_never_opened",
        "engine/test_hostile_weights.py::test_a_base_model_that_would_run_code_is_refused",
        "engine/test_hostile_weights.py::test_an_adapter_of_pickled_weights_is_refused",
    )),
    Fault("S4", "code that comes with a model", "a model folder that brings its own; templates that reach outside", (
        "engine/test_models.py::test_code_that_comes_with_a_model_is_not_run",
        "engine/test_hostile_weights.py::test_code_in_a_models_folder_is_never_run",
        "engine/test_hostile_templates.py::test_a_template_that_would_reach_outside_is_refused_in_a_sentence",
    )),
    Fault("S5", "secrets", "planted in the environment, and looked for everywhere", (
        "faults/test_planted_token.py::test_a_planted_token_is_found_nowhere",
        "engine/test_endpoint.py::test_the_key_goes_nowhere_else",
        "end_to_end/test_defect.py::test_a_defect_is_a_sentence_and_a_file",
    )),
    Fault("S6", "files that others could read or lay there", "made under a umask of 0, beside a shared folder", (
        "store/test_database.py::test_only_the_owner_can_read_it_whatever_the_umask",
        "engine/test_run_process.py::test_nothing_that_a_run_leaves_can_be_read_by_others",
        "faults/test_one_run_suffers.py::test_nothing_is_written_where_others_could_have_laid_it_before",
    )),
    Fault("S7", "names and paths that lead elsewhere", "hostile labels, links and members of archives", (
        "engine/test_archives.py::test_the_names_of_members_lead_nowhere",
        "engine/test_export_place.py::test_tunedecks_own_folder_is_out_of_bounds_through_links_too",
        "engine/test_export_place.py::test_a_name_of_a_folder_has_letters_digits_dots_and_dashes",
        "engine/test_sources.py::test_hidden_files_and_links_that_lead_out_are_left_out",
        "store/test_upkeep_hard.py::test_a_link_is_removed_and_what_it_leads_to_stays",
        "faults/test_checkpoint_folders.py::test_what_can_not_be_deleted_stops_nothing_and_goes_at_the_next_start",
    )),
    Fault("S8", "code that lies beside the data", "a json.py and a torch.py in every folder; our own calls are read", (
        "faults/test_one_run_suffers.py::test_no_module_that_lies_beside_runs_and_rows_is_imported",
        "engine/test_export_gguf.py::test_a_gguf_file_is_made_of_the_merged_weights",
        "test_no_foreign_code.py::test_no_module_runs_what_is_not_ours",
    )),
    Fault("S9", "a port that listens", "the sockets of a real engine and its runner are counted", (
        "faults/test_one_run_suffers.py::test_engine_and_runner_listen_on_no_port",
    )),
)  # fmt: skip
