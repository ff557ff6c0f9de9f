-- A store of schema 5, as the code of d0fa018 wrote it with real runs; paths and the boot's id are made up.
BEGIN TRANSACTION;
CREATE TABLE "attempt" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "start_step" INTEGER NOT NULL,
   "pid" INTEGER,
   "process_start" TEXT,
   "boot_id" TEXT,
   "started_at" REAL NOT NULL,
   "ended_at" REAL,
   "exit_code" INTEGER
) STRICT;
INSERT INTO "attempt" VALUES(1,'fchjnk6r',0,11744,'5614798','00000000-0000-4000-8000-000000000000',1.79546015645604562765e+09,1.79546016615182900434e+09,0);
INSERT INTO "attempt" VALUES(2,'vrnns3n3',0,12301,'5615885','00000000-0000-4000-8000-000000000000',1.79546016732446455958e+09,1.7954601737053668499e+09,-9);
INSERT INTO "attempt" VALUES(3,'vrnns3n3',5,12679,'5616635','00000000-0000-4000-8000-000000000000',1.79546017482863426214e+09,1.79546018606915163988e+09,0);
INSERT INTO "attempt" VALUES(4,'d7bv5gf9',0,13209,'5617879','00000000-0000-4000-8000-000000000000',1.79546018726285386084e+09,1.7954601981431384086e+09,0);
INSERT INTO "attempt" VALUES(5,'x7b625sb',0,13696,'5618996','00000000-0000-4000-8000-000000000000',1.79546019843824768069e+09,1.79546021283685302734e+09,0);
INSERT INTO "attempt" VALUES(6,'c93785dd',0,14090,'5620438','00000000-0000-4000-8000-000000000000',1.79546021284871387484e+09,1.79546022586466097826e+09,0);
CREATE TABLE "checkpoint" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "state" TEXT NOT NULL,
   "manifest_hash" TEXT,
   "size_bytes" INTEGER,
   "eval_loss" REAL,
   "best" INTEGER DEFAULT 0,
   "pinned" INTEGER DEFAULT 0,
   "created_at" REAL NOT NULL
, rank REAL) STRICT;
INSERT INTO "checkpoint" VALUES(1,'fchjnk6r',1,4,'complete','0b7c738c5536b5bf1382bbfe7774b3dd53f67d5146d7300da867820c514468e8',100144,5.66840243730388682052e+00,0,0,1.79546016423691892627e+09,5.66840243730388682052e+00);
INSERT INTO "checkpoint" VALUES(2,'fchjnk6r',1,8,'complete','32c82a01db66b2ac615a5fe3051858f368dc4bb777b8e0bcbbed5989c41bc203',100144,5.64615925022813147649e+00,1,0,1.79546016449075770374e+09,5.64615925022813147649e+00);
INSERT INTO "checkpoint" VALUES(3,'vrnns3n3',2,5,'deleted','dd36650310974f2c979bf8e7a9241b5e39cde93ef8daa7938c23100c22d3166e',100145,NULL,0,0,1.79546017348186206811e+09,NULL);
INSERT INTO "checkpoint" VALUES(4,'vrnns3n3',3,10,'deleted','a6846585e66c04c45f28ab3ebd7de4f776e86cc54c34ba5a07719160092abdec',100146,NULL,0,0,1.79546018211990952495e+09,NULL);
INSERT INTO "checkpoint" VALUES(5,'vrnns3n3',3,15,'deleted','f41e654d269bb8371ee7f9c93f9669babe607b810e71f2763a54acf148f5ee23',100146,NULL,0,0,1.79546018222948980326e+09,NULL);
INSERT INTO "checkpoint" VALUES(6,'vrnns3n3',3,20,'deleted','4cd1a79bad37dbfa5c46b601367ff3c656ae0940d193e39349c55a5b100a84ea',100146,NULL,0,0,1.79546018233405685424e+09,NULL);
INSERT INTO "checkpoint" VALUES(7,'vrnns3n3',3,25,'deleted','b0e31dc3babcbd7491bfdc82768742eaedf482830feeb2077c6da0515cfa6ecf',100146,NULL,0,0,1.79546018246247363094e+09,NULL);
INSERT INTO "checkpoint" VALUES(8,'vrnns3n3',3,30,'deleted','1ef97825f4bea25ed9989d89fc97bef7f7b1a467a8fdddc4b034f91632a9958f',100146,NULL,0,0,1.7954601825605540276e+09,NULL);
INSERT INTO "checkpoint" VALUES(9,'vrnns3n3',3,35,'deleted','719a22898966ba353048129e75c2d0b6f3cf59057a975b2c1625b66878eefb47',100145,NULL,0,0,1.79546018270687079434e+09,NULL);
INSERT INTO "checkpoint" VALUES(10,'vrnns3n3',3,40,'deleted','260e15b63cdda1f23e788896693646e6a572505b79fb2cfef1edfcb9bbc08ce0',100145,NULL,0,0,1.7954601828132202625e+09,NULL);
INSERT INTO "checkpoint" VALUES(11,'vrnns3n3',3,45,'deleted','e5f66c71b0da6d7690ee785316c24a1c81660fecae9129ab25a3a9f9b42b2d44',100131,NULL,0,0,1.79546018291447901727e+09,NULL);
INSERT INTO "checkpoint" VALUES(12,'vrnns3n3',3,50,'complete','6b36f8340830b03aa5c9c9edee1777bedd4f9a2fe033450a81cfbb8a6736f07f',100145,NULL,0,0,1.79546018301142525671e+09,NULL);
INSERT INTO "checkpoint" VALUES(13,'vrnns3n3',3,55,'complete','4f880a641415bb546c26b70cde36031dfd7387085ac103d883dd5e0297ade640',100145,NULL,0,0,1.79546018313438487056e+09,NULL);
INSERT INTO "checkpoint" VALUES(14,'vrnns3n3',3,60,'complete','86e58fafb3299fdcfe480d03416147b182878ed29d3f245d934c1ddc275f032c',100145,5.37377466920946478268e+00,1,0,1.79546018336778545384e+09,5.37377466920946478268e+00);
INSERT INTO "checkpoint" VALUES(15,'d7bv5gf9',4,4,'complete','49d7e749212cf0043800bd8313a00fd015204a246168a24bdb5ed0880b8e0a4b',100144,5.58356707213354930274e+00,0,0,1.79546019452456235882e+09,5.58356707213354930274e+00);
INSERT INTO "checkpoint" VALUES(16,'d7bv5gf9',4,8,'complete','7358e40ce4448eb84e08a1edd59c8d156c074380922db2607a60864e50ca67d3',100144,5.5625962429359310235e+00,1,0,1.79546019470038747782e+09,5.5625962429359310235e+00);
INSERT INTO "checkpoint" VALUES(17,'x7b625sb',5,4,'complete','9a1c924eadae531a19b3b3a238e311e8266e6564131842cb437dbbd5646391d8',75480,5.6834763698890560235e+00,1,0,1.79546020920919752118e+09,5.6834763698890560235e+00);
INSERT INTO "checkpoint" VALUES(18,'c93785dd',6,4,'complete','89cf50582c55850c7b0737a3a817e6d12a6191380ca04e15fb5953aab87f10fc',100144,5.68075717863489337844e+00,1,0,1.79546022319332528116e+09,5.68075717863489337844e+00);
CREATE TABLE "command" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "verb" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "taken_at" REAL
) STRICT;
CREATE TABLE "dataset" (
   "number" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL,
   "version" INTEGER NOT NULL,
   "role" TEXT NOT NULL,
   "parent" TEXT,
   "operation" TEXT NOT NULL,
   "source" TEXT NOT NULL,
   "rows" INTEGER NOT NULL,
   "bad_rows" INTEGER NOT NULL,
   "sha256" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "deleted_at" REAL
) STRICT;
INSERT INTO "dataset" VALUES(1,'capitals',1,'',NULL,'{"op": "import", "sentence": "43 rows read from rows.jsonl", "counts": {"rows": 43, "bad_rows": 0}}','/somewhere/rows.jsonl',43,0,'275900f53e89fb4c1ab9915017ef28666bfb2a3be0728e20d027455754320996',1.79546022703487229352e+09,NULL);
CREATE TABLE "event" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "at" REAL NOT NULL,
   "step" INTEGER,
   "level" TEXT NOT NULL,
   "text" TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'fchjnk6r',1.79546016346214246748e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(2,'fchjnk6r',1.79546016346265339849e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(3,'fchjnk6r',1.79546016351297783855e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(4,'fchjnk6r',1.79546016370214271545e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(5,'fchjnk6r',1.795460163704898119e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(6,'fchjnk6r',1.79546016615232849117e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(7,'vrnns3n3',1.79546017294220447545e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(8,'vrnns3n3',1.79546017294286131861e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(9,'vrnns3n3',1.79546017296862149234e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(10,'vrnns3n3',1.79546017308778548243e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(11,'vrnns3n3',1.79546017308918786055e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(12,'vrnns3n3',1.79546017370555114744e+09,NULL,'error','killed: signal 9, possibly out of memory');
INSERT INTO "event" VALUES(13,'vrnns3n3',1.79546018151961445812e+09,5,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(14,'vrnns3n3',1.79546018151997399331e+09,5,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(15,'vrnns3n3',1.7954601815412516594e+09,5,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(16,'vrnns3n3',1.795460181645267725e+09,5,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(17,'vrnns3n3',1.79546018164682650566e+09,5,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(18,'vrnns3n3',1.7954601816620488167e+09,5,'info','resumed from checkpoint 5');
INSERT INTO "event" VALUES(19,'vrnns3n3',1.79546018606951761245e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(20,'d7bv5gf9',1.79546019327392315867e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(21,'d7bv5gf9',1.79546019327468442915e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(22,'d7bv5gf9',1.7954601933387026787e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(23,'d7bv5gf9',1.79546019360256290438e+09,0,'info','the adapter of run:fchjnk6r@result is trained on, with the rank and the layers that it has');
INSERT INTO "event" VALUES(24,'d7bv5gf9',1.79546019361214137079e+09,0,'info','attention: sdpa; eager measured 0.9 times as fast at 57 tokens');
INSERT INTO "event" VALUES(25,'d7bv5gf9',1.79546019361345648764e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(26,'d7bv5gf9',1.79546019814356112485e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(27,'x7b625sb',1.79546020766493725781e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(28,'x7b625sb',1.79546020766557979579e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(29,'x7b625sb',1.79546020778332209586e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(30,'x7b625sb',1.79546020812055373192e+09,0,'info','attention: sdpa; eager measured 0.7 times as fast at 57 tokens');
INSERT INTO "event" VALUES(31,'x7b625sb',1.79546020812179446222e+09,0,'info','2,048 of 39,840 weights are trained (5.1%)');
INSERT INTO "event" VALUES(32,'x7b625sb',1.795460212837195158e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(33,'c93785dd',1.79546022214199113846e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(34,'c93785dd',1.79546022215052175521e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(35,'c93785dd',1.79546022220265436173e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(36,'c93785dd',1.79546022244589567181e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(37,'c93785dd',1.79546022245360565186e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(38,'c93785dd',1.79546022586497926705e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(39,'c93785dd',1.79546022587184190754e+09,NULL,'info','sweep sweep (mv9968jh): The best of 2 runs is c93785dd: r=4, with eval_loss 5.681 at step 4.');
INSERT INTO "event" VALUES(40,'phknh7cg',1.79546022720301151273e+09,NULL,'info','stopped: you took it from the queue');
CREATE TABLE "fit" (
   "model" TEXT,
   "method" TEXT,
   "task" TEXT,
   "device" TEXT,
   "length" INTEGER,
   "rows" INTEGER NOT NULL,
   "gradient_checkpointing" INTEGER NOT NULL,
   "free_bytes" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   PRIMARY KEY ("model", "method", "task", "device", "length")
) STRICT;
INSERT INTO "fit" VALUES('llama 2x32','lora','causal-lm','a test device',128,2,0,1000000000,1.79546022688504314417e+09);
CREATE TABLE "heartbeat" (
   "run_id" TEXT PRIMARY KEY REFERENCES "run"("id"),
   "phase" TEXT NOT NULL,
   "step" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   "expect_next_s" REAL NOT NULL,
   "steps_per_second" REAL
) STRICT;
INSERT INTO "heartbeat" VALUES('fchjnk6r','saving the result',8,1.79546016452507519725e+09,300.0,3.15695738668594749753e+01);
INSERT INTO "heartbeat" VALUES('vrnns3n3','saving the result',60,1.7954601834142465592e+09,300.0,2.35571232562613879228e+01);
INSERT INTO "heartbeat" VALUES('d7bv5gf9','saving the result',8,1.79546019477074646946e+09,300.0,6.08737575618647071013e+01);
INSERT INTO "heartbeat" VALUES('x7b625sb','saving the result',4,1.7954602093715777397e+09,300.0,1.06488353482514153114e+01);
INSERT INTO "heartbeat" VALUES('c93785dd','saving the result',4,1.79546022330721783636e+09,300.0,49.4339955834899);
CREATE TABLE metric (attempt_id INTEGER NOT NULL REFERENCES attempt(id), key_id INTEGER NOT NULL REFERENCES metric_key(id), step INTEGER NOT NULL, value REAL, flag INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (attempt_id, key_id, step)) STRICT, WITHOUT ROWID;
INSERT INTO "metric" VALUES
(1,1,0,5.71172545386142438417e+00,0),(1,1,4,5.66840243730388682052e+00,0),(1,1,8,5.64615925022813147649e+00,0),
(1,2,0,0.0,0),(1,2,4,0.0,0),(1,2,8,0.0,0),(1,3,0,3.09052939992398023605e-02,0),(1,3,4,2.99031670001568272709e-02,0),
(1,3,8,2.44500809931196272373e-02,0),(1,4,1,5.71898508071899414062e+00,0),(1,4,2,5.71379804611206054687e+00,0),
(1,4,3,5.70193052291870117187e+00,0),(1,4,4,5.68373823165893554687e+00,0),(1,4,5,5.67261981964111328125e+00,0),
(1,4,6,5.64042901992797851562e+00,0),(1,4,7,5.66400098800659179687e+00,0),(1,4,8,5.6757488250732421875e+00,0),
(1,5,1,0.0,0),(1,5,2,0.001,0),(1,5,3,9.50484433951209522692e-04,0),(1,5,4,8.11744900929366793723e-04,0),
(1,5,5,6.11260466978157178223e-04,0),(1,5,6,3.88739533021842842593e-04,0),(1,5,7,1.88255099070633254198e-04,0),
(1,5,8,4.95155660487904845717e-05,0),(1,6,1,8.21043491363525390625e-01,0),(1,6,2,1.00940442085266113281e+00,0),
(1,6,3,8.11715602874755859375e-01,0),(1,6,4,1.03191673755645751953e+00,0),(1,6,5,1.00304102897644042968e+00,0),
(1,6,6,1.28452479839324951171e+00,0),(1,6,7,7.81621217727661132812e-01,0),(1,6,8,1.03982079029083251953e+00,0),
(1,7,1,6.57346056995730759807e+03,0),(1,7,2,1.30941070751452316473e+04,0),(1,7,3,1.77349542454898510181e+04,0),
(1,7,4,2.1030956309327426424e+04,0),(1,7,5,9.04671461915727741134e+03,0),(1,7,6,5.49776675268862254596e+03,0),
(1,7,7,6.09292775630387859571e+03,0),(1,7,8,7.6546237104428046221e+03,0),(1,8,1,228.0,0),(1,8,2,469.0,0),
(1,8,3,673.0,0),(1,8,4,941.0,0),(1,8,5,1190.0,0),(1,8,6,1452.0,0),(1,8,7,1645.0,0),(1,8,8,1829.0,0),
(2,1,0,5.71172545386142438417e+00,0),(2,2,0,0.0,0),(2,3,0,2.219389100355328992e-02,0),
(2,4,1,5.71898508071899414062e+00,0),(2,4,2,5.71379804611206054687e+00,0),(2,4,3,5.70193052291870117187e+00,0),
(2,4,4,5.682811737060546875e+00,0),(2,4,5,5.66811132431030273437e+00,0),(2,4,6,5.62528228759765625e+00,0),
(2,4,7,5.64863252639770507812e+00,0),(2,4,8,5.65035343170166,0),(2,4,9,5.59306955337524414062e+00,0),
(2,4,10,5.53642511367797851562e+00,0),(2,5,1,0.0,0),(2,5,2,0.001,0),(2,5,3,0.000999291347838381,0),
(2,5,4,9.9716740010506862632e-04,0),(2,5,5,9.93634177360672339596e-04,0),(2,5,6,9.8870169490893338067e-04,0),
(2,5,7,0.000982383934407258,0),(2,5,8,9.74698804234190607255e-04,0),(2,5,9,9.65668088726169245375e-04,0),
(2,5,10,9.55317386427456671782e-04,0),(2,6,1,8.21043491363525390625e-01,0),(2,6,2,1.00940442085266113281e+00,0),
(2,6,3,8.11715602874755859375e-01,0),(2,6,4,1.03590023517608642578e+00,0),(2,6,5,1.02740514278411865234e+00,0),
(2,6,6,1.34433495998382568359e+00,0),(2,6,7,8.16174864768981933593e-01,0),(2,6,8,1.15680134296417236328e+00,0),
(2,6,9,1.02537775039672851562e+00,0),(2,6,10,1.1253114938735961914e+00,0),(2,7,1,1.06205063458294316663e+04,0),
(2,7,2,1.30658183860862354779e+04,0),(2,7,3,10773.8064660151,0),(2,7,4,1.46981872590614602819e+04,0),
(2,7,5,1.48996856223131762817e+04,0),(2,7,6,1.21228627168773691669e+04,0),(2,7,7,1.01120726799252970526e+04,0),
(2,7,8,8480.84511258443,0),(2,7,9,1.31323108918413381613e+04,0),(2,7,10,1.60699363596366729322e+04,0),(2,8,1,228.0,0),
(2,8,2,469.0,0),(2,8,3,673.0,0),(2,8,4,941.0,0),(2,8,5,1190.0,0),(2,8,6,1452.0,0),(2,8,7,1645.0,0),(2,8,8,1829.0,0),
(2,8,9,2045.0,0),(2,8,10,2307.0,0),(3,1,60,5.37377466920946478268e+00,0),(3,2,60,5.40983606557377094681e-01,0),
(3,3,60,5.733043800137238577e-02,0),(3,4,6,5.62528228759765625e+00,0),(3,4,7,5.64863252639770507812e+00,0),
(3,4,8,5.65035343170166,0),(3,4,9,5.59306955337524414062e+00,0),(3,4,10,5.53642511367797851562e+00,0),
(3,4,11,5.60929107666015625e+00,0),(3,4,12,5.55382394790649414062e+00,0),(3,4,13,5.51257181167602539062e+00,0),
(3,4,14,5.58268070220947265625e+00,0),(3,4,15,5.53381633758544921875e+00,0),(3,4,16,5.5421543121337890625e+00,0),
(3,4,17,5.50058269500732421875e+00,0),(3,4,18,5.50611639022827148437e+00,0),(3,4,19,5.52532958984375,0),
(3,4,20,5.50115728378295898437e+00,0),(3,4,21,5.4694194793701171875e+00,0),(3,4,22,5.5730533599853515625e+00,0),
(3,4,23,5.45612335205078125e+00,0),(3,4,24,5.4193434715271,0),(3,4,25,5.47862863540649414062e+00,0),
(3,4,26,5.51834344863891601562e+00,0),(3,4,27,5.4753737449646,0),(3,4,28,5.546085357666015625e+00,0),
(3,4,29,5.3758864402771,0),(3,4,30,5.3517093658447265625e+00,0),(3,4,31,5.3855876922607421875e+00,0),
(3,4,32,5.41134595870971679687e+00,0),(3,4,33,5.3524723052978515625e+00,0),(3,4,34,5.43255901336669921875e+00,0),
(3,4,35,5.47503232955932617187e+00,0),(3,4,36,5.40919971466064453125e+00,0),(3,4,37,5.50398111343383789062e+00,0),
(3,4,38,5.3073139190673828125e+00,0),(3,4,39,5.34986066818237304687e+00,0),(3,4,40,5.37670755386352539062e+00,0),
(3,4,41,5.314655303955078125e+00,0),(3,4,42,5.4582958221435546875e+00,0),(3,4,43,5.399204254150390625e+00,0),
(3,4,44,5.38385820388793945312e+00,0),(3,4,45,5.30295801162719726562e+00,0),(3,4,46,5.30021858215332,0),
(3,4,47,5.32244443893432617187e+00,0),(3,4,48,5.4870548248291015625e+00,0),(3,4,49,5.27755641937255859375e+00,0),
(3,4,50,5.38839626312255859375e+00,0),(3,4,51,5.37167644500732421875e+00,0),(3,4,52,5.35728311538696289062e+00,0),
(3,4,53,5.4443817138671875e+00,0),(3,4,54,5.30110788345336914062e+00,0),(3,4,55,5.34977006912231445312e+00,0),
(3,4,56,5.38862848281860351562e+00,0),(3,4,57,5.32071256637573242187e+00,0),(3,4,58,5.2901172637939453125e+00,0),
(3,4,59,5.44757938385009765625e+00,0),(3,4,60,5.295703887939453125e+00,0),(3,5,6,9.8870169490893338067e-04,0),
(3,5,7,0.000982383934407258,0),(3,5,8,9.74698804234190607255e-04,0),(3,5,9,9.65668088726169245375e-04,0),
(3,5,10,9.55317386427456671782e-04,0),(3,5,11,9.43676037528285772439e-04,0),(3,5,12,0.000930777040696903,0),
(3,5,13,9.16656959541257499238e-04,0),(3,5,14,9.01355818965481753179e-04,0),(3,5,15,8.8491699171495312795e-04,0),
(3,5,16,8.67387075431533586221e-04,0),(3,5,17,8.48815760567492392368e-04,0),(3,5,18,8.29255689532519394725e-04,0),
(3,5,19,0.000808762307473096,0),(3,5,20,7.87393705107203582989e-04,0),(3,5,21,7.65210454059871191326e-04,0),
(3,5,22,7.42275435166325097714e-04,0),(3,5,23,7.18653660229427748186e-04,0),(3,5,24,6.94412087736660430491e-04,0),
(3,5,25,6.6961943305901506715e-04,0),(3,5,26,6.44345973669810520231e-04,0),(3,5,27,6.18663349935557509498e-04,0),
(3,5,28,5.92644362043557161416e-04,0),(3,5,29,5.66362763641861059055e-04,0),(3,5,30,5.39893052776541548971e-04,0),
(3,5,31,5.13310260718887454746e-04,0),(3,5,32,4.8668973928111267449e-04,0),(3,5,33,4.60106947223458417634e-04,0),
(3,5,34,4.33637236358139070181e-04,0),(3,5,35,4.0735563795644291361e-04,0),(3,5,36,3.81336650064442565528e-04,0),
(3,5,37,3.55654026330189609005e-04,0),(3,5,38,3.30380566940984845246e-04,0),(3,5,39,3.05587912263339698745e-04,0),
(3,5,40,2.8134633977057232684e-04,0),(3,5,41,0.000257724564833675,0),(3,5,42,2.34789545940128802385e-04,0),
(3,5,43,2.12606294892796600457e-04,0),(3,5,44,1.91237692526904093847e-04,0),(3,5,45,1.70744310467480734511e-04,0),
(3,5,46,1.51184239432507709762e-04,0),(3,5,47,1.326129245684664617e-04,0),(3,5,48,1.1508300828504681155e-04,0),
(3,5,49,9.86441810345182811849e-05,0),(3,5,50,8.33430404587424673683e-05,0),(3,5,51,6.92229593030969155443e-05,0),
(3,5,52,5.63239624717142822567e-05,0),(3,5,53,4.46826135725433829133e-05,0),(3,5,54,3.43319112738307822174e-05,0),
(3,5,55,2.5301195765809359351e-05,0),(3,5,56,1.7616065592742035067e-05,0),(3,5,57,1.12983050910666621684e-05,0),
(3,5,58,6.36582263932772272462e-06,0),(3,5,59,2.83259989493145336522e-06,0),(3,5,60,7.08652161619027758359e-07,0),
(3,6,6,1.34433495998382568359e+00,0),(3,6,7,8.16174864768981933593e-01,0),(3,6,8,1.15680134296417236328e+00,0),
(3,6,9,1.02537775039672851562e+00,0),(3,6,10,1.1253114938735961914e+00,0),(3,6,11,1.0337492227554321289e+00,0),
(3,6,12,0.68528813123703,0),(3,6,13,8.61803829669952392578e-01,0),(3,6,14,6.21867775917053222656e-01,0),
(3,6,15,4.67994451522827148437e-01,0),(3,6,16,5.1679515838623046875e-01,0),(3,6,17,8.38230848312377929687e-01,0),
(3,6,18,7.32547104358673095703e-01,0),(3,6,19,6.01291060447692871093e-01,0),(3,6,20,7.42651283740997314453e-01,0),
(3,6,21,8.44759643077850341796e-01,0),(3,6,22,8.5159784555435180664e-01,0),(3,6,23,1.15334713459014892578e+00,0),
(3,6,24,1.29818427562713623046e+00,0),(3,6,25,9.23064887523651123046e-01,0),(3,6,26,8.56042385101318359375e-01,0),
(3,6,27,8.02547693252563476562e-01,0),(3,6,28,9.96598184108734130859e-01,0),(3,6,29,7.8169161081314086914e-01,0),
(3,6,30,8.47560286521911621093e-01,0),(3,6,31,7.79505908489227294921e-01,0),(3,6,32,0.761396586894989,0),
(3,6,33,8.7067890167236328125e-01,0),(3,6,34,7.58946776390075683593e-01,0),(3,6,35,6.97217106819152832031e-01,0),
(3,6,36,7.56300449371337890625e-01,0),(3,6,37,9.35099542140960693359e-01,0),(3,6,38,7.66831696033477783203e-01,0),
(3,6,39,7.44572937488555908203e-01,0),(3,6,40,5.71632266044616699218e-01,0),(3,6,41,7.0470148324966430664e-01,0),
(3,6,42,6.85428619384765625e-01,0),(3,6,43,5.94993770122528076171e-01,0),(3,6,44,5.15333294868469238281e-01,0),
(3,6,45,5.90317368507385253906e-01,0),(3,6,46,6.27280354499816894531e-01,0),(3,6,47,5.62305569648742675781e-01,0),
(3,6,48,9.31153893470764160156e-01,0),(3,6,49,6.1836344003677368164e-01,0),(3,6,50,0.559735119342804,0),
(3,6,51,4.86195206642150878906e-01,0),(3,6,52,5.04537999629974365234e-01,0),(3,6,53,6.89936757087707519531e-01,0),
(3,6,54,5.5821323394775390625e-01,0),(3,6,55,0.498349130153656,0),(3,6,56,5.75522124767303466796e-01,0),
(3,6,57,0.513237476348877,0),(3,6,58,5.38266956806182861328e-01,0),(3,6,59,7.54930675029754638671e-01,0),
(3,6,60,5.68199396133422851562e-01,0),(3,7,6,1.21660528777014769732e+04,0),(3,7,7,9.07094276392171741489e+03,0),
(3,7,8,5.92806747688362702325e+03,0),(3,7,9,5.49538378953496794553e+03,0),(3,7,10,1.04279387228483592475e+04,0),
(3,7,11,1.26217380305517381199e+04,0),(3,7,12,1.78695947468235935952e+04,0),(3,7,13,1.85413311656251389653e+04,0),
(3,7,14,1.16921242016470605445e+04,0),(3,7,15,1.59660148559377612405e+04,0),(3,7,16,1.16989247320028844111e+04,0),
(3,7,17,1.53716483132746707272e+04,0),(3,7,18,1.48848433243494037009e+04,0),(3,7,19,1.6193049562667101781e+04,0),
(3,7,20,1.63694590841117315e+04,0),(3,7,21,1.60959838951075853404e+04,0),(3,7,22,9.26755257914931826219e+03,0),
(3,7,23,9.09548552783266677553e+03,0),(3,7,24,1.39006474036285289917e+04,0),(3,7,25,1.3109904944680769404e+04,0),
(3,7,26,1.15334911994132962719e+04,0),(3,7,27,1.53410068992526012155e+04,0),(3,7,28,1.73297264868624042717e+04,0),
(3,7,29,1.88885328832389277516e+04,0),(3,7,30,1.46377514079847715041e+04,0),(3,7,31,1.75571379064121792907e+04,0),
(3,7,32,1.44447110931956667623e+04,0),(3,7,33,1.26180446320748142175e+04,0),(3,7,34,5.81301347935273315676e+03,0),
(3,7,35,1.14742284983544304852e+04,0),(3,7,36,1.33791784954416434635e+04,0),(3,7,37,1.55613788517919729198e+04,0),
(3,7,38,1.82932738580569675835e+04,0),(3,7,39,1.92601101096455495278e+04,0),(3,7,40,1.68235499561750766585e+04,0),
(3,7,41,1.52432582241006348336e+04,0),(3,7,42,1.56825883150549743724e+04,0),(3,7,43,1.78199757843395382222e+04,0),
(3,7,44,1.75223807836200867315e+04,0),(3,7,45,1.54312914718799365802e+04,0),(3,7,46,1.73913968913514836462e+04,0),
(3,7,47,1.94054437019925208e+04,0),(3,7,48,1.63020890572743192025e+04,0),(3,7,49,19266.2216862323,0),
(3,7,50,1.74775013508398369601e+04,0),(3,7,51,1.23102518564940874052e+04,0),(3,7,52,11231.6217064867,0),
(3,7,53,1.25589751235259300301e+04,0),(3,7,54,1.24904268103973663532e+04,0),(3,7,55,9.25947397401723173993e+03,0),
(3,7,56,1.03177017623188658037e+04,0),(3,7,57,1.44313383266243563411e+04,0),(3,7,58,7.85505474936191694715e+03,0),
(3,7,59,5.37768109105783878457e+03,0),(3,7,60,6.31330903267805115331e+03,0),(3,8,6,1452.0,0),(3,8,7,1645.0,0),
(3,8,8,1829.0,0),(3,8,9,2045.0,0),(3,8,10,2307.0,0),(3,8,11,2491.0,0),(3,8,12,2719.0,0),(3,8,13,2960.0,0),
(3,8,14,3153.0,0),(3,8,15,3369.0,0),(3,8,16,3573.0,0),(3,8,17,3841.0,0),(3,8,18,4090.0,0),(3,8,19,4318.0,0),
(3,8,20,4567.0,0),(3,8,21,4808.0,0),(3,8,22,4992.0,0),(3,8,23,5260.0,0),(3,8,24,5522.0,0),(3,8,25,5738.0,0),
(3,8,26,5931.0,0),(3,8,27,6135.0,0),(3,8,28,6319.0,0),(3,8,29,6560.0,0),(3,8,30,6822.0,0),(3,8,31,7071.0,0),
(3,8,32,7299.0,0),(3,8,33,7567.0,0),(3,8,34,7771.0,0),(3,8,35,7964.0,0),(3,8,36,8180.0,0),(3,8,37,8364.0,0),
(3,8,38,8626.0,0),(3,8,39,8875.0,0),(3,8,40,9103.0,0),(3,8,41,9371.0,0),(3,8,42,9564.0,0),(3,8,43,9768.0,0),
(3,8,44,9984.0,0),(3,8,45,10225.0,0),(3,8,46,10493.0,0),(3,8,47,10742.0,0),(3,8,48,10926.0,0),(3,8,49,11188.0,0),
(3,8,50,11392.0,0),(3,8,51,11608.0,0),(3,8,52,11836.0,0),(3,8,53,12029.0,0),(3,8,54,12270.0,0),(3,8,55,12498.0,0),
(3,8,56,12702.0,0),(3,8,57,12951.0,0),(3,8,58,13192.0,0),(3,8,59,13385.0,0),(3,8,60,13653.0,0),
(4,1,0,5.64615925022813147649e+00,0),(4,1,4,5.58356707213354930274e+00,0),(4,1,8,5.5625962429359310235e+00,0),
(4,2,0,0.0,0),(4,2,4,0.0,0),(4,2,8,0.0,0),(4,3,0,3.45708770037163048982e-02,0),(4,3,4,2.2193709999555721879e-02,0),
(4,3,8,4.56045790051575750112e-02,0),(4,4,1,5.64870691299438476562e+00,0),(4,4,2,5.62863206863403320312e+00,0),
(4,4,3,5.63117170333862304687e+00,0),(4,4,4,5.58111524581909179687e+00,0),(4,4,5,5.57118320465087890625e+00,0),
(4,4,6,5.52817869186401367187e+00,0),(4,4,7,5.60492420196533203125e+00,0),(4,4,8,5.61412906646728515625e+00,0),
(4,5,1,0.0,0),(4,5,2,0.001,0),(4,5,3,9.50484433951209522692e-04,0),(4,5,4,8.11744900929366793723e-04,0),
(4,5,5,6.11260466978157178223e-04,0),(4,5,6,3.88739533021842842593e-04,0),(4,5,7,1.88255099070633254198e-04,0),
(4,5,8,4.95155660487904845717e-05,0),(4,6,1,1.08510196208953857421e+00,0),(4,6,2,1.29666697978973388671e+00,0),
(4,6,3,1.07198548316955566406e+00,0),(4,6,4,1.35874092578887939453e+00,0),(4,6,5,1.16399347782135,0),
(4,6,6,1.15283632278442382812e+00,0),(4,6,7,7.99957096576690673828e-01,0),(4,6,8,1.2102361917495727539e+00,0),
(4,7,1,6.19143358690894638146e+03,0),(4,7,2,9.84665047245172536313e+03,0),(4,7,3,3.89596319193070939942e+03,0),
(4,7,4,1.79886449098660750672e+03,0),(4,7,5,1.51575656329043122238e+04,0),(4,7,6,1.86996705922167166143e+04,0),
(4,7,7,1.68828738785410641868e+04,0),(4,7,8,8.54369274594790840612e+03,0),(4,8,1,228.0,0),(4,8,2,469.0,0),
(4,8,3,673.0,0),(4,8,4,941.0,0),(4,8,5,1190.0,0),(4,8,6,1452.0,0),(4,8,7,1645.0,0),(4,8,8,1829.0,0),
(5,1,0,5.71172545386142438417e+00,0),(5,1,4,5.6834763698890560235e+00,0),(5,2,0,0.0,0),(5,2,4,0.0,0),
(5,3,0,5.34983479956281371414e-02,0),(5,3,4,8.92479449976235628128e-02,0),(5,4,1,5.71898508071899414062e+00,0),
(5,4,2,5.71379804611206054687e+00,0),(5,4,3,5.70430898666381835937e+00,0),(5,4,4,5.69335412979126,0),(5,5,1,0.0,0),
(5,5,2,0.001,0),(5,5,3,0.00075,0),(5,5,4,2.50000000000000113624e-04,0),(5,6,1,0.81187903881073,0),
(5,6,2,1.03390467166900634765e+00,0),(5,6,3,8.94420921802520751953e-01,0),(5,6,4,1.13933706283569335937e+00,0),
(5,7,1,2.42793445940132278327e+03,0),(5,7,2,6.61786163010093787285e+03,0),(5,7,3,3.37533178135592697795e+03,0),
(5,7,4,3.33634093700144467226e+03,0),(5,8,1,228.0,0),(5,8,2,469.0,0),(5,8,3,673.0,0),(5,8,4,941.0,0),
(6,1,0,5.71172545386142438417e+00,0),(6,1,4,5.68075717863489337844e+00,0),(6,2,0,0.0,0),(6,2,4,0.0,0),
(6,3,0,6.07718520041089504957e-02,0),(6,3,4,3.79764329991303384304e-02,0),(6,4,1,5.71898508071899414062e+00,0),
(6,4,2,5.71379804611206054687e+00,0),(6,4,3,5.70193052291870117187e+00,0),(6,4,4,5.68752145767211914062e+00,0),
(6,5,1,0.0,0),(6,5,2,0.001,0),(6,5,3,0.00075,0),(6,5,4,2.50000000000000113624e-04,0),
(6,6,1,8.21043491363525390625e-01,0),(6,6,2,1.00940442085266113281e+00,0),(6,6,3,8.11715602874755859375e-01,0),
(6,6,4,1.01605844497680664062e+00,0),(6,7,1,1.12709509930356980471e+04,0),(6,7,2,1.8660509882272566756e+04,0),
(6,7,3,1.74335386982782438282e+04,0),(6,7,4,1.92503981174818327411e+04,0),(6,8,1,228.0,0),(6,8,2,469.0,0),
(6,8,3,673.0,0),(6,8,4,941.0,0);
CREATE TABLE "metric_key" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL
) STRICT;
INSERT INTO "metric_key" VALUES(1,'eval_loss');
INSERT INTO "metric_key" VALUES(2,'eval_token_accuracy');
INSERT INTO "metric_key" VALUES(3,'eval_seconds');
INSERT INTO "metric_key" VALUES(4,'loss');
INSERT INTO "metric_key" VALUES(5,'learning_rate');
INSERT INTO "metric_key" VALUES(6,'grad_norm');
INSERT INTO "metric_key" VALUES(7,'tokens_per_second');
INSERT INTO "metric_key" VALUES(8,'num_input_tokens_seen');
CREATE TABLE "run" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "versions" TEXT NOT NULL,
   "fingerprint" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "queue_position" INTEGER,
   "total_steps" INTEGER,
   "parent_run" TEXT REFERENCES "run"("id"),
   "parent_checkpoint" INTEGER,
   "cause" TEXT,
   "summary" TEXT,
   "deleted_at" REAL
, sweep_id TEXT REFERENCES sweep(id), options TEXT) STRICT;
INSERT INTO "run" VALUES(1,'fchjnk6r','first','completed','new','{"name":"first","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546015637350249286e+09,1,8,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.6461592502281315, "steps": 8, "seconds": 1.1, "tokens_per_second": 8783.6, "adapter": "/somewhere/home/runs/fchjnk6r/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(2,'vrnns3n3','resumed','completed','new','{"name":"resumed","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":60,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":1000,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":5,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546016718118262292e+09,3,60,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.373774669209465, "steps": 60, "seconds": 1.9, "tokens_per_second": 12344.3, "adapter": "/somewhere/home/runs/vrnns3n3/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(3,'d7bv5gf9','transferred','completed','transfer','{"name":"transferred","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"run:fchjnk6r@result","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546018710380148888e+09,4,8,'fchjnk6r',NULL,NULL,'{"base_eval_loss": 5.6461592502281315, "tuned_eval_loss": 5.562596242935931, "steps": 8, "seconds": 1.5, "tokens_per_second": 5609.5, "adapter": "/somewhere/home/runs/d7bv5gf9/adapter"}',NULL,NULL,NULL);
INSERT INTO "run" VALUES(4,'x7b625sb','sweep r=2','completed','new','{"name":"sweep r=2","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":2,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546019824803709981e+09,5,4,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.683476369889056, "steps": 4, "seconds": 1.8, "tokens_per_second": 3471.2, "adapter": "/somewhere/home/runs/x7b625sb/adapter"}',NULL,'mv9968jh',NULL);
INSERT INTO "run" VALUES(5,'c93785dd','sweep r=4','completed','new','{"name":"sweep r=4","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546019824823856357e+09,6,4,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.680757178634893, "steps": 4, "seconds": 1.2, "tokens_per_second": 16012.3, "adapter": "/somewhere/home/runs/c93785dd/adapter"}',NULL,'mv9968jh',NULL);
INSERT INTO "run" VALUES(6,'mgv2ctpm','waits','queued','new','{"name":"waits","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546022706213474276e+09,7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "run" VALUES(7,'phknh7cg','gone','stopped','new','{"name":"gone","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79546022719029664993e+09,8,NULL,NULL,NULL,'you took it from the queue',NULL,1.79546022720650720596e+09,NULL,NULL);
CREATE TABLE "sample" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER NOT NULL REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "prompt" TEXT NOT NULL,
   "answer" TEXT NOT NULL
) STRICT;
INSERT INTO "sample" VALUES(1,'fchjnk6r',1,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(2,'fchjnk6r',1,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(3,'fchjnk6r',1,8,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(4,'vrnns3n3',2,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(5,'vrnns3n3',3,60,'Where is Rome?','It');
INSERT INTO "sample" VALUES(6,'d7bv5gf9',4,0,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(7,'d7bv5gf9',4,4,'Where is Rome?','is.');
INSERT INTO "sample" VALUES(8,'d7bv5gf9',4,8,'Where is Rome?','is.');
INSERT INTO "sample" VALUES(9,'x7b625sb',5,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(10,'x7b625sb',5,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(11,'c93785dd',6,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(12,'c93785dd',6,4,'Where is Rome?','isW');
CREATE TABLE "sweep" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "space" TEXT NOT NULL,
   "sampler" TEXT NOT NULL,
   "seed" INTEGER NOT NULL,
   "metric" TEXT NOT NULL,
   "trials" INTEGER NOT NULL,
   "prune" INTEGER NOT NULL,
   "created_at" REAL NOT NULL,
   "ended_at" REAL,
   "summary" TEXT
) STRICT;
INSERT INTO "sweep" VALUES(1,'mv9968jh','sweep','{"name":"sweep","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":4,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"r": {"choices": [2, 4]}}','grid',42,'eval_loss',2,1,1.79546019824769854545e+09,1.79546022587181353571e+09,'The best of 2 runs is c93785dd: r=4, with eval_loss 5.681 at step 4.');
CREATE UNIQUE INDEX "idx_run_id"
    ON "run" ("id");
CREATE INDEX "idx_run_state_queue_position"
    ON "run" ("state", "queue_position");
CREATE INDEX "idx_attempt_run_id"
    ON "attempt" ("run_id");
CREATE UNIQUE INDEX "idx_metric_key_name"
    ON "metric_key" ("name");
CREATE UNIQUE INDEX "idx_checkpoint_run_id_step"
    ON "checkpoint" ("run_id", "step");
CREATE INDEX "idx_sample_run_id_step"
    ON "sample" ("run_id", "step");
CREATE INDEX "idx_event_run_id"
    ON "event" ("run_id");
CREATE INDEX "idx_command_run_id_taken_at"
    ON "command" ("run_id", "taken_at");
CREATE UNIQUE INDEX "idx_sweep_id"
    ON "sweep" ("id");
CREATE INDEX "idx_run_sweep_id"
    ON "run" ("sweep_id");
CREATE UNIQUE INDEX "idx_dataset_name_version"
    ON "dataset" ("name", "version");
COMMIT;
PRAGMA application_id=1953853029;
PRAGMA user_version=5;
